/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** The longest beginning of a text that has at most `limit` bytes and ends on a whole character. */
export function cutBytes(text: string, limit: number): string {
  if (byteLength(text) <= limit) return text;
  const bytes = Buffer.from(text);
  let end = limit;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}

/**
 * Parts of at most `limit` bytes each, parted at the ends of lines where a line fits at all. What would need more than
 * `most` parts is cut, and the last part says so.
 */
export function splitBytes(text: string, limit: number, most: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (byteLength(rest) > limit && parts.length < most - 1) {
    const part = firstPart(rest, limit);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  if (byteLength(rest) > limit) {
    const mark = '\n…（已截断 truncated）';
    rest = cutBytes(rest, limit - byteLength(mark)) + mark;
  }
  return [...parts, rest];
}

function firstPart(text: string, limit: number): string {
  const part = cutBytes(text, limit);
  const line = part.lastIndexOf('\n') + 1;
  // A break in the first half would make many small parts: better to break a line then.
  return line > part.length / 2 ? part.slice(0, line) : part;
}
