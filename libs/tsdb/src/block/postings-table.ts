import { ByteReader } from '../bytes/byte-reader.ts';
import { BlockError } from './block-error.ts';
import { decoding } from './section.ts';

/** The values of one label name, in byte order. */
export interface LabelEntry {
  readonly name: string;
  /** Where each value's text begins in the table. */
  readonly places: Uint32Array;
}

/** Which postings list belongs to each label: the table is sorted by name, then by value. */
export class PostingsTable {
  readonly #file: string;
  readonly #offset: number;
  readonly #bytes: Buffer;
  readonly #reader: ByteReader;
  readonly #entries = new Map<string, LabelEntry>();
  readonly #values = new Map<LabelEntry, string[]>();

  /** `content` is the section of the file at `offset`. */
  constructor(file: string, offset: number, content: Uint8Array<ArrayBuffer>) {
    this.#file = file;
    this.#offset = offset;
    this.#bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    this.#reader = new ByteReader(content);
    decoding(file, offset, this.#reader, () => this.#parse());
  }

  #parse(): void {
    const reader = this.#reader;
    const count = reader.u32();
    let start = -1;
    let end = -1;
    let places: number[] = [];
    const put = () => {
      if (start < 0) return;
      const name = this.#bytes.toString('utf8', start, end);
      this.#entries.set(name, { name, places: Uint32Array.from(places) });
    };
    for (let i = 0; i < count; i++) {
      if (reader.u8() !== 2)
        throw new BlockError(this.#file, this.#offset + reader.at, 'a key has not two parts');
      const length = reader.uvarint();
      const from = reader.take(length);
      if (start < 0 || this.#bytes.compare(this.#bytes, start, end, from, from + length) !== 0) {
        put();
        places = [];
        start = from;
        end = from + length;
      }
      places.push(reader.at);
      const valueLength = reader.uvarint();
      reader.take(valueLength);
      reader.uvarint();
    }
    put();
    // A sound section that was moved here, such as the empty table of label offsets, would hide every series.
    if (!this.#entries.has('') || reader.left > 0) {
      throw new BlockError(
        this.#file,
        this.#offset,
        'the table of postings has no list of all series, or does not end with its last entry',
      );
    }
  }

  /** Names in byte order; the entry of '' holds all series under its value ''. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  entry(name: string): LabelEntry | undefined {
    return this.#entries.get(name);
  }

  /** All values of a name in byte order. */
  values(entry: LabelEntry): readonly string[] {
    let values = this.#values.get(entry);
    if (!values) {
      values = Array.from(entry.places, (place) => {
        this.#goTo(place);
        return this.#reader.string();
      });
      this.#values.set(entry, values);
    }
    return values;
  }

  /** The place of a value among the values of a name, −1 where it is not there. */
  find(entry: LabelEntry, value: string): number {
    const wanted = Buffer.from(value);
    let low = 0;
    let high = entry.places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      this.#goTo(entry.places[middle]!);
      const length = this.#reader.uvarint();
      const from = this.#reader.at;
      const order = this.#bytes.compare(wanted, 0, wanted.length, from, from + length);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** Offset in the file of the postings list of a value. */
  listOffset(entry: LabelEntry, value: number): number {
    this.#goTo(entry.places[value]!);
    const length = this.#reader.uvarint();
    this.#reader.take(length);
    return this.#reader.uvarint();
  }

  #goTo(place: number): void {
    this.#reader.at = place;
  }
}
