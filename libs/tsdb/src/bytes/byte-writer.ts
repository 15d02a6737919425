const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** Growing bytes, big-endian as all of Prometheus' files. Reused: `clear()` keeps the memory. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  clear(): void {
    this.length = 0;
  }

  /** The bytes so far; valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  /** Makes room for `count` more bytes, which the caller may then write into `bytes` directly. */
  reserve(count: number): void {
    const need = this.length + count;
    if (need <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(need, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.bytes[this.length++] = value >>> 8;
    this.bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.bytes[this.length++] = value >>> 24;
    this.bytes[this.length++] = value >>> 16;
    this.bytes[this.length++] = value >>> 8;
    this.bytes[this.length++] = value;
  }

  /** A whole number, negative ones in two's complement. */
  u64(value: number): void {
    this.u32(Math.floor(value / 0x1_0000_0000));
    this.u32(value);
  }

  /** A float; of a NaN the payload may get lost. */
  f64(value: number): void {
    float[0] = value;
    this.u32(words[1]!);
    this.u32(words[0]!);
  }

  uvarint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 0x7fff_ffff) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  varint(value: number): void {
    this.uvarint(value >= 0 ? 2 * value : -2 * value - 1);
  }

  /** uvarint of the length in UTF-8, then the text. */
  string(text: string): void {
    const length = Buffer.byteLength(text);
    this.uvarint(length);
    this.reserve(length);
    Buffer.from(this.bytes.buffer).write(text, this.length);
    this.length += length;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}
