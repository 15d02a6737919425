/** Field widths of a varbit by the number of ones in front; docs/formats/histogram-chunk.md. */
const widths = [0, 3, 6, 9, 12, 18, 25, 56, 64] as const;
const half = 0x1_0000_0000;

/** A bit stream in the making, highest bit first. */
export class BitWriter {
  bytes = new Uint8Array(256);
  bit = 0;

  /** The lowest `width` (at most 32) bits of a word. */
  put(word: number, width: number): void {
    if (this.bit + width > 8 * this.bytes.length) {
      const grown = new Uint8Array(2 * this.bytes.length);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    for (let left = width; left > 0; ) {
      const room = 8 - (this.bit & 7);
      const take = Math.min(left, room);
      const part = (word >>> (left - take)) & ((1 << take) - 1);
      this.bytes[this.bit >>> 3]! |= part << (room - take);
      this.bit += take;
      left -= take;
    }
  }

  /** A whole number in `width` (at most 64) bits, negative ones in two's complement. */
  putWide(value: number, width: number): void {
    if (width > 32) this.put(Math.floor(value / half), width - 32);
    this.put(value % half, Math.min(32, width));
  }

  putVarbit(value: number): void {
    let ones = 0;
    while (ones < 8 && !fits(value, widths[ones]!)) ones++;
    this.#putPrefixed(ones, value);
  }

  putUnsignedVarbit(value: number): void {
    let ones = 0;
    while (ones < 8 && value >= 2 ** widths[ones]!) ones++;
    this.#putPrefixed(ones, value);
  }

  #putPrefixed(ones: number, value: number): void {
    this.put(ones === 8 ? 255 : (1 << (ones + 1)) - 2, ones === 8 ? 8 : ones + 1);
    this.putWide(value, widths[ones]!);
  }
}

function fits(value: number, width: number): boolean {
  return width === 0 ? value === 0 : value >= 1 - 2 ** (width - 1) && value <= 2 ** (width - 1);
}

/** Reads what BitWriter writes. Past the end it reads zeros, and `overrun` says so. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #bit: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#bit = 8 * at;
    this.#end = 8 * end;
  }

  get overrun(): boolean {
    return this.#bit > this.#end;
  }

  get left(): number {
    return this.#end - this.#bit;
  }

  /** `width` (at most 32) bits, unsigned. */
  take(width: number): number {
    let word = 0;
    for (let left = width; left > 0; ) {
      const room = 8 - (this.#bit & 7);
      const take = Math.min(left, room);
      const byte = this.#bit < this.#end ? this.#bytes[this.#bit >>> 3]! : 0;
      word = word * 2 ** take + ((byte >>> (room - take)) & ((1 << take) - 1));
      this.#bit += take;
      left -= take;
    }
    return word;
  }

  varbit(): number {
    const width = this.#width();
    if (width === 0) return 0;
    if (width === 64) return (this.take(32) | 0) * half + this.take(32);
    if (width <= 32) {
      const field = this.take(width);
      return field > 2 ** (width - 1) ? field - 2 ** width : field;
    }
    // The sign belongs to the upper part: a whole field of 56 bits is more than a number holds.
    const upper = this.take(width - 32);
    const lower = this.take(32);
    const sign = 2 ** (width - 33);
    return (upper > sign || (upper === sign && lower > 0) ? upper - 2 * sign : upper) * half + lower;
  }

  unsignedVarbit(): number {
    return this.#wide(this.#width());
  }

  #wide(width: number): number {
    return width > 32 ? this.take(width - 32) * half + this.take(32) : this.take(width);
  }

  #width(): number {
    let ones = 0;
    while (ones < 8 && this.take(1) === 1) ones++;
    return widths[ones]!;
  }
}
