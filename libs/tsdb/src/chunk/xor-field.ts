import { staleHigh, staleLow } from '@paddlewatch/model';
import type { BitReader, BitWriter } from './bits.ts';

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const noWindow = 255;

/** A float that changes from sample to sample, as the value of an XOR chunk; docs/formats/xor-chunk.md. */
export class XorField {
  low = 0;
  high = 0;
  #leading = noWindow;
  #trailing = 0;

  get value(): number {
    words[0] = this.low;
    words[1] = this.high;
    return float[0]!;
  }

  get isStale(): boolean {
    return this.low === staleLow && this.high === staleHigh;
  }

  /** The words of a float; a staleness marker must be set by its words. */
  static wordsOf(value: number): { low: number; high: number } {
    float[0] = value;
    return { low: words[0]!, high: words[1]! };
  }

  putFirst(out: BitWriter, low: number, high: number): void {
    out.put(high, 32);
    out.put(low, 32);
    this.low = low;
    this.high = high;
  }

  putNext(out: BitWriter, low: number, high: number): void {
    const changed = (BigInt((high ^ this.high) >>> 0) << 32n) | BigInt((low ^ this.low) >>> 0);
    this.low = low;
    this.high = high;
    if (changed === 0n) {
      out.put(0, 1);
      return;
    }
    const bits = changed.toString(2);
    const leading = Math.min(31, 64 - bits.length);
    const trailing = bits.length - 1 - bits.lastIndexOf('1');
    if (this.#leading !== noWindow && leading >= this.#leading && trailing >= this.#trailing)
      out.put(0b10, 2);
    else {
      this.#leading = leading;
      this.#trailing = trailing;
      out.put((0b11 << 11) | (leading << 6) | ((64 - leading - trailing) & 63), 13);
    }
    const width = 64 - this.#leading - this.#trailing;
    const part = changed >> BigInt(this.#trailing);
    if (width > 32) out.put(Number(part >> 32n), width - 32);
    out.put(Number(part & 0xffffffffn), Math.min(32, width));
  }

  takeFirst(from: BitReader): void {
    this.high = from.take(32);
    this.low = from.take(32);
  }

  /** False where the window is impossible: the chunk is damaged. */
  takeNext(from: BitReader): boolean {
    if (from.take(1) === 0) return true;
    if (from.take(1) === 1) {
      this.#leading = from.take(5);
      this.#trailing = 64 - this.#leading - (from.take(6) || 64);
    }
    const { low, high } = this;
    const width = 64 - this.#leading - this.#trailing;
    if (this.#leading === noWindow || this.#trailing < 0) return false;
    const upper = width > 32 ? from.take(width - 32) : 0;
    const part = (BigInt(upper) << 32n) | BigInt(from.take(Math.min(32, width)));
    const changed = part << BigInt(this.#trailing);
    this.low = (low ^ Number(changed & 0xffffffffn)) >>> 0;
    this.high = (high ^ Number((changed >> 32n) & 0xffffffffn)) >>> 0;
    return true;
  }
}
