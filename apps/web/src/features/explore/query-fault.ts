/** Where in the query the server found the fault. */
export interface FaultPlace {
  /** What is so, without the position that stands in front of it. */
  message: string;
  /** The query before, at and after the place. */
  before: string;
  at: string;
  after: string;
}

/**
 * Reads `… 1:10: parse error: …` (line and column from 1, columns in bytes of UTF-8), as Prometheus writes it.
 * undefined: the message names no place in this query.
 */
export function faultPlace(message: string, query: string): FaultPlace | undefined {
  const match = /(?:^|\s|")(\d+):(\d+): (.*)$/s.exec(message);
  if (!match) return undefined;
  const lines = query.split('\n');
  const line = Number(match[1]) - 1;
  const text = lines[line];
  if (text === undefined) return undefined;
  const column = columnOfByte(text, Number(match[2]) - 1);
  const offset = lines.slice(0, line).reduce((sum, earlier) => sum + earlier.length + 1, 0) + column;
  const wordLength = /^[\w:.]+/.exec(query.slice(offset))?.[0].length ?? 1;
  return {
    message: match[3]!,
    before: query.slice(0, offset),
    at: query.slice(offset, offset + wordLength),
    after: query.slice(offset + wordLength),
  };
}

function columnOfByte(text: string, bytes: number): number {
  const encoded = new TextEncoder().encode(text).subarray(0, Math.max(0, bytes));
  return new TextDecoder().decode(encoded).length;
}
