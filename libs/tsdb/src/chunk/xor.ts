// The layout is docs/formats/xor-chunk.md; the encoder follows it part by part, and so does its twin in xor-kernel.ts.

export const encodingXor = 1;
/** No sample takes more bytes than 4 + 64 bits of time and 2 + 5 + 6 + 64 bits of value; the encoder writes 3 beyond. */
export const largestXorSample = 22;
/** The u16 number of samples in front of the bit stream. */
export const xorHeader = 2;
const noWindow = 255;

/**
 * Appends samples to a chunk in somebody else's bytes. The state is public, so that the head can keep it beside each
 * open chunk and load it into one encoder: an object for each series would cost more than its chunk.
 */
export class XorEncoder {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the chunk begins in `bytes`. */
  at = 0;
  /** Bits written so far, the header's included. */
  bit = 0;
  count = 0;
  t = 0;
  step = 0;
  low = 0;
  high = 0;
  leading = noWindow;
  trailing = 0;

  /** Begins a chunk at byte `at`. The caller writes the number of samples there in the end. */
  start(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.at = at;
    this.bit = 8 * xorHeader;
    this.count = 0;
    this.t = 0;
    this.step = 0;
    this.leading = noWindow;
    this.trailing = 0;
  }

  /** Needs largestXorSample free bytes. The value comes as the two words of the float. */
  append(t: number, low: number, high: number): void {
    if (this.count === 0) {
      this.putVarint(t);
      this.put(high, 32);
      this.put(low, 32);
    } else {
      const step = t - this.t;
      if (this.count === 1) this.putUvarint(step);
      else this.putStepChange(step - this.step);
      this.step = step;
      this.putValue(low ^ this.low, high ^ this.high);
    }
    this.t = t;
    this.low = low;
    this.high = high;
    this.count++;
  }

  private putStepChange(change: number): void {
    if (change === 0) this.put(0, 1);
    else if (change >= -8191 && change <= 8192) this.put((0b10 << 14) | (change & 0x3fff), 16);
    else if (change >= -65535 && change <= 65536) this.put((0b110 << 17) | (change & 0x1ffff), 20);
    else if (change >= -524287 && change <= 524288) this.put((0b1110 << 20) | (change & 0xfffff), 24);
    else {
      this.put(0b1111, 4);
      this.put(Math.floor(change / 0x1_0000_0000), 32);
      this.put(change, 32);
    }
  }

  private putValue(low: number, high: number): void {
    if (low === 0 && high === 0) {
      this.put(0, 1);
      return;
    }
    const leading = Math.min(31, high !== 0 ? Math.clz32(high) : 32 + Math.clz32(low));
    const trailing = low !== 0 ? trailingZeros(low) : 32 + trailingZeros(high);
    if (this.leading !== noWindow && leading >= this.leading && trailing >= this.trailing) {
      this.put(0b10, 2);
    } else {
      this.leading = leading;
      this.trailing = trailing;
      const width = 64 - leading - trailing;
      this.put((0b11 << 11) | (leading << 6) | (width & 63), 13);
    }
    this.putWindow(low, high);
  }

  private putWindow(low: number, high: number): void {
    const { leading, trailing } = this;
    const width = 64 - leading - trailing;
    if (trailing >= 32) {
      this.put(high >>> (trailing - 32), width);
      return;
    }
    const right = trailing === 0 ? low : (low >>> trailing) | (high << (32 - trailing));
    if (width > 32) {
      this.put(high >>> trailing, width - 32);
      this.put(right, 32);
    } else this.put(right, width);
  }

  private putVarint(value: number): void {
    this.putUvarint(value >= 0 ? 2 * value : -2 * value - 1);
  }

  private putUvarint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.put((rest % 128) | 128, 8);
      rest = Math.floor(rest / 128);
    }
    this.put(rest, 8);
  }

  /** The lowest `width` (at most 32) bits of a value. */
  private put(value: number, width: number): void {
    if (width <= 24) this.putShort(value, width);
    else {
      this.putShort(value >>> 16, width - 16);
      this.putShort(value, 16);
    }
  }

  /**
   * At most 24 bits: with the begun byte they fit one word. Four bytes are written whatever the width; behind the new
   * end stand zeros that the next bits replace.
   */
  private putShort(value: number, width: number): void {
    const { bytes, bit } = this;
    const i = this.at + (bit >>> 3);
    const used = bit & 7;
    const word = (value << (32 - width)) >>> used;
    bytes[i] = (bytes[i]! & ~(0xff >>> used)) | (word >>> 24);
    bytes[i + 1] = word >>> 16;
    bytes[i + 2] = word >>> 8;
    bytes[i + 3] = word;
    this.bit = bit + width;
  }
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
