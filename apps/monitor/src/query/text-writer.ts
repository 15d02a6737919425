const encoder = new TextEncoder();
/** Text is gathered so far before it is encoded: below it strings are cheap, above it they are copied too often. */
const chunkChars = 1 << 16;
/** Room for a whole chunk: a UTF-16 unit is at most three bytes of UTF-8. */
const roomAtFirst = 3 * chunkChars + 1024;
/** Longer texts are rare, and their room is not kept. */
const roomKept = 1 << 20;
/** Where the next text is written: the garbage of large arrays stays in memory long after them. */
let room: Uint8Array | undefined;

/** Builds a text as bytes; answers may be longer than the longest string. One at a time is quickest. */
export class TextWriter {
  private bytes = room ?? new Uint8Array(roomAtFirst);
  private length = 0;
  private chunk = '';
  private readonly quotes = new Map<string, string>();

  constructor() {
    room = undefined;
  }

  /** Adds a piece as it is. */
  raw(text: string): this {
    this.chunk += text;
    if (this.chunk.length >= chunkChars) this.flush();
    return this;
  }

  /** A text as a JSON string. In one answer names and values come again and again. */
  quoted(text: string): string {
    let quoted = this.quotes.get(text);
    if (quoted === undefined) {
      quoted = quote(text);
      this.quotes.set(text, quoted);
    }
    return quoted;
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.flush();
    const text = new Uint8Array(this.length);
    text.set(this.bytes.subarray(0, this.length));
    if (this.bytes.length <= roomKept) room = this.bytes;
    return text;
  }

  private flush(): void {
    const need = this.length + this.chunk.length * 3;
    if (need > this.bytes.length) {
      const grown = new Uint8Array(Math.max(need, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.length += encoder.encodeInto(this.chunk, this.bytes.subarray(this.length)).written;
    this.chunk = '';
  }
}

/** A JSON string; the rarer control characters as Prometheus writes them, by number. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text);
  if (!quoted.includes('\\b') && !quoted.includes('\\f')) return quoted;
  return quoted.replace(/\\(.)/g, (sequence, char) =>
    char === 'b' ? '\\u0008' : char === 'f' ? '\\u000c' : sequence,
  );
}

/** Milliseconds as seconds: three digits after the point, or none. */
export function timestamp(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  const rest = size % 1000;
  const seconds = `${sign}${(size - rest) / 1000}`;
  return rest === 0 ? seconds : `${seconds}.${String(rest).padStart(3, '0')}`;
}
