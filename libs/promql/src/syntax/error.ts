/** A query that cannot be parsed or checked: `1:5: parse error: what is so`, line and byte column as Prometheus counts. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
  /** UTF-16 offset into the query. */
  readonly at: number;

  constructor(query: string, at: number, what: string) {
    super(`${position(query, at)}: parse error: ${what}`);
    this.at = at;
  }
}

/** `line:column` of an offset, both from 1; columns are bytes of UTF-8. */
export function position(query: string, at: number): string {
  if (query === '') return 'unknown position';
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++;
  return `${line}:${Buffer.byteLength(before.slice(lineStart)) + 1}`;
}
