import { formatValue } from '@paddlewatch/model';

const encoder = new TextEncoder();
const roomAtFirst = 1 << 16;
/** Longer texts are rare, and their room is not kept. */
const roomKept = 1 << 20;
/** Where the next text is written: the garbage of large arrays stays in memory long after them. */
let room: Uint8Array | undefined;
/** Below it the encoder costs more than a loop. */
const longText = 48;
/** Numbers below `size` whose fraction has `digits` decimals at most: whole multiples of 1 / `unit`. */
const short = { size: 1e9, digits: 4, unit: 1e4 } as const;
const [zero, point, minus] = [48, 46, 45];

/** Builds a text as bytes; answers may be longer than the longest string. One at a time is quickest. */
export class TextWriter {
  private bytes = room ?? new Uint8Array(roomAtFirst);
  private length = 0;
  private readonly quotes = new Map<string, string>();

  constructor() {
    room = undefined;
  }

  /** Adds a piece as it is. */
  raw(text: string): this {
    this.reserve(3 * text.length);
    if (text.length > longText) return this.encoded(text);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return this.encoded(text);
      bytes[at++] = unit;
    }
    this.length = at;
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

  /** Adds bytes [start, end) of another text. */
  copy(from: Uint8Array, start: number, end: number): this {
    this.reserve(end - start);
    const { bytes } = this;
    let at = this.length;
    for (let i = start; i < end; i++) bytes[at++] = from[i]!;
    this.length = at;
    return this;
  }

  /** A sample value, as `formatValue` writes it. */
  value(value: number): this {
    const size = Math.abs(value);
    let scaled = Math.round(size * short.unit);
    // Most are counts, and measures of a few digits: their bytes come without a string.
    if (!(size < short.size) || scaled / short.unit !== size || Object.is(value, -0))
      return this.raw(formatValue(value));
    this.reserve(24);
    if (value < 0) this.bytes[this.length++] = minus;
    const whole = Math.floor(size);
    this.whole(whole);
    scaled -= whole * short.unit;
    if (scaled > 0) this.fraction(scaled);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const text = new Uint8Array(this.length);
    text.set(this.bytes.subarray(0, this.length));
    if (this.bytes.length <= roomKept) room = this.bytes;
    return text;
  }

  private whole(value: number): void {
    let digits = 1;
    for (let bound = 10; bound <= value; bound *= 10) digits++;
    this.length += digits;
    this.digits(value, digits);
  }

  /** `scaled` parts of the unit, without zeros at the end. */
  private fraction(scaled: number): void {
    let digits: number = short.digits;
    let rest = scaled;
    for (; rest % 10 === 0; digits--) rest /= 10;
    this.bytes[this.length] = point;
    this.length += 1 + digits;
    this.digits(rest, digits);
  }

  /** The last so many decimal digits of a value end where the text ends now. */
  private digits(value: number, digits: number): void {
    const { bytes } = this;
    let rest = value | 0;
    for (let at = this.length - 1; at >= this.length - digits; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = zero + rest - 10 * next;
      rest = next;
    }
  }

  private encoded(text: string): this {
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
    return this;
  }

  private reserve(more: number): void {
    const need = this.length + more;
    if (need <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(need, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
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
