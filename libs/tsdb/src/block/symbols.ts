import { ByteReader } from '../bytes/byte-reader.ts';
import { addHash, type Hash, hashText } from '../read/series-hash.ts';
import { BlockError } from './block-error.ts';
import { decoding } from './section.ts';

/** The sorted texts of an index; a symbol is a place in it. Texts are decoded where somebody asks for them. */
export class Symbols {
  readonly #bytes: Buffer;
  /** Text i is bytes [starts[i], ends[i]). */
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #texts: (string | undefined)[] = [];
  readonly #file: string;
  /** Hashes of the texts that have been asked for; see read/series-hash.ts. */
  #hashed: Uint8Array | undefined;
  #low = new Int32Array(0);
  #high = new Int32Array(0);

  /** `content` is the section of the file at `offset`. */
  constructor(file: string, offset: number, content: Uint8Array<ArrayBuffer>) {
    this.#file = file;
    this.#bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    const reader = new ByteReader(content);
    const count = decoding(file, offset, reader, () => reader.u32());
    if (count > content.length) throw new BlockError(file, offset, `${count} symbols cannot stand there`);
    this.#starts = new Uint32Array(count);
    this.#ends = new Uint32Array(count);
    decoding(file, offset, reader, () => {
      for (let i = 0; i < count; i++) {
        const length = reader.uvarint();
        this.#starts[i] = reader.take(length);
        this.#ends[i] = reader.at;
      }
    });
  }

  get length(): number {
    return this.#starts.length;
  }

  text(symbol: number): string {
    const known = this.#texts[symbol];
    if (known !== undefined) return known;
    if (!(symbol < this.length)) {
      throw new BlockError(this.#file, 0, `symbol ${symbol} is named and there are ${this.length}`);
    }
    const text = this.#bytes.toString('utf8', this.#starts[symbol], this.#ends[symbol]);
    this.#texts[symbol] = text;
    return text;
  }

  /** Takes a symbol into the hash of a label set. */
  addHash(symbol: number, into: Hash): void {
    if (!this.#hashed) this.#hashed = new Uint8Array(this.length);
    if (this.#hashed[symbol] !== 1) this.#hash(symbol);
    addHash(into, this.#low[symbol]!, this.#high[symbol]!);
  }

  #hash(symbol: number): void {
    if (this.#low.length === 0) {
      this.#low = new Int32Array(this.length);
      this.#high = new Int32Array(this.length);
    }
    const hash = { low: 0, high: 0 };
    hashText(this.text(symbol), hash);
    this.#low[symbol] = hash.low;
    this.#high[symbol] = hash.high;
    this.#hashed![symbol] = 1;
  }

  /** −1 where there is none. */
  find(text: string): number {
    const wanted = Buffer.from(text);
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#bytes.compare(wanted, 0, wanted.length, this.#starts[middle], this.#ends[middle]);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }
}
