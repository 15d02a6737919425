import { TextCache } from './text-cache.ts';

const texts = new TextCache();
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** Reads what ByteWriter writes. Every method throws RangeError where the bytes end too early. */
export class ByteReader {
  bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  reset(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Moves on by `count` and returns the place before. */
  take(count: number): number {
    const from = this.at;
    if (!(count <= this.end - from))
      throw new RangeError(`cannot read ${count} bytes: ${this.left} are left`);
    this.at = from + count;
    return from;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u16(): number {
    const i = this.take(2);
    return (this.bytes[i]! << 8) | this.bytes[i + 1]!;
  }

  u32(): number {
    const i = this.take(4);
    const b = this.bytes;
    return ((b[i]! << 24) | (b[i + 1]! << 16) | (b[i + 2]! << 8) | b[i + 3]!) >>> 0;
  }

  /** An unsigned whole number. Above 2^53 the low bits are lost: no reference or size is that large. */
  u64(): number {
    return this.u32() * 0x1_0000_0000 + this.u32();
  }

  /** A signed whole number. */
  i64(): number {
    return (this.u32() | 0) * 0x1_0000_0000 + this.u32();
  }

  f64(): number {
    words[1] = this.u32();
    words[0] = this.u32();
    return float[0]!;
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.u8();
      if (byte < 128) return shift < 28 ? value | (byte << shift) : value + byte * 2 ** shift;
      value = shift < 28 ? value | ((byte & 127) << shift) : value + (byte & 127) * 2 ** shift;
    }
    throw new RangeError('cannot read uvarint: it is longer than 10 bytes');
  }

  varint(): number {
    const zigzag = this.uvarint();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  string(): string {
    const length = this.uvarint();
    const from = this.take(length);
    return texts.text(this.bytes, from, from + length);
  }
}
