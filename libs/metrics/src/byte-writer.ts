const newline = 0x0a;
const zero = 0x30;
const minus = 0x2d;
/** Integers below this are written digit by digit with 32-bit arithmetic. */
const smallInteger = 1e9;
/** The longest a value can be, with room to spare. */
const longestValue = 32;

/** A buffer that grows as text is written to it. */
export class ByteWriter {
  #bytes: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  copy(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    from.copy(this.#bytes, this.length, start, end);
    this.length += end - start;
  }

  text(text: string): void {
    this.#reserve(3 * text.length);
    this.length += this.#bytes.write(text, this.length, 'utf8');
  }

  newline(): void {
    this.#reserve(1);
    this.#bytes[this.length++] = newline;
  }

  /** A sample value as Prometheus reads it. */
  value(value: number): void {
    this.#reserve(longestValue);
    if (Math.abs(value) < smallInteger && Math.trunc(value) === value) this.#integer(value);
    else this.#ascii(value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value));
  }

  /** The bytes written, without the spare room. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  #integer(value: number): void {
    let rest = Math.abs(value) | 0;
    if (value < 0) this.#bytes[this.length++] = minus;
    let digits = 1;
    for (let bound = 10; rest >= bound; bound *= 10) digits++;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = zero + rest - 10 * tenth;
      rest = tenth;
    }
    this.length += digits;
  }

  #ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.length++] = text.charCodeAt(i);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.length + more));
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
  }
}
