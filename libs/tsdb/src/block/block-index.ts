import type { Labels } from '@paddlewatch/model';
import { ByteReader } from '../bytes/byte-reader.ts';
import { coversAll, type Interval } from '../read/intervals.ts';
import type { LabelIndex } from '../read/select-postings.ts';
import { type SeriesHashes, startHash } from '../read/series-hash.ts';
import { BlockError } from './block-error.ts';
import type { FileWindows, WindowedFile } from './file-windows.ts';
import { PostingsTable } from './postings-table.ts';
import { readSection } from './section.ts';
import { SeriesEntry, seriesAlignment } from './series-entry.ts';
import { Symbols } from './symbols.ts';
import { readToc, type Toc } from './toc.ts';

/**
 * The index of a block. What is small, the symbols and the table of postings, is read once when first needed;
 * postings and series come through the windows each time. A series is known by its reference.
 */
export class BlockIndex implements LabelIndex {
  readonly #file: WindowedFile;
  readonly #toc: Toc;
  readonly #entry: SeriesEntry;
  readonly #chunks: number[] = [];
  #symbols: Symbols | undefined;
  #table: PostingsTable | undefined;

  /** @throws BlockError where header or table of contents are damaged. */
  constructor(windows: FileWindows, path: string) {
    this.#file = windows.open(path);
    this.#entry = new SeriesEntry(this.#file);
    try {
      this.#toc = readToc(this.#file);
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  get path(): string {
    return this.#file.path;
  }

  get size(): number {
    return this.#file.size;
  }

  get bound(): number {
    return Math.ceil(this.#file.size / seriesAlignment);
  }

  get symbols(): Symbols {
    const at = this.#toc.symbols;
    this.#symbols ??= new Symbols(this.#file.path, at + 4, readSection(this.#file, at));
    return this.#symbols;
  }

  get table(): PostingsTable {
    const at = this.#toc.postingsOffsets;
    this.#table ??= new PostingsTable(this.#file.path, at + 4, readSection(this.#file, at));
    return this.#table;
  }

  everything(): Uint32Array {
    return this.withValue('', '') ?? new Uint32Array(0);
  }

  withValue(name: string, value: string): Uint32Array | undefined {
    const entry = this.table.entry(name);
    const place = entry ? this.table.find(entry, value) : -1;
    return place < 0 ? undefined : this.#postings(this.table.listOffset(entry!, place));
  }

  withTest(name: string, test: (value: string) => boolean): Uint32Array[] {
    const entry = this.table.entry(name);
    const lists: Uint32Array[] = [];
    if (!entry) return lists;
    for (const [i, value] of this.table.values(entry).entries()) {
      if (test(value)) lists.push(this.#postings(this.table.listOffset(entry, i)));
    }
    return lists;
  }

  labels(series: number): Labels {
    const { symbols } = this;
    const entry = this.#entry;
    entry.open(series);
    const labels: string[] = [];
    while (entry.nextLabel()) labels.push(symbols.text(entry.name), symbols.text(entry.value));
    return labels;
  }

  /** The symbol of a label's value for each series, −1 where it has none; `name` is a symbol. */
  labelOf(series: Uint32Array, name: number, into: Int32Array): void {
    const entry = this.#entry;
    for (let i = 0; i < series.length; i++) {
      entry.open(series[i]!);
      into[i] = -1;
      while (entry.nextLabel()) {
        // Names rise with their symbols.
        if (entry.name < name) continue;
        if (entry.name === name) into[i] = entry.value;
        break;
      }
    }
  }

  hashes(series: Uint32Array): SeriesHashes {
    const { symbols } = this;
    const entry = this.#entry;
    const low = new Int32Array(series.length);
    const high = new Int32Array(series.length);
    const hash = { low: 0, high: 0 };
    for (let i = 0; i < series.length; i++) {
      entry.open(series[i]!);
      startHash(hash);
      while (entry.nextLabel()) {
        symbols.addHash(entry.name, hash);
        symbols.addHash(entry.value, hash);
      }
      low[i] = hash.low;
      high[i] = hash.high;
    }
    return { low, high };
  }

  /** Whether a chunk of the series overlaps the range and is not deleted as a whole. */
  overlaps(series: number, mint: number, maxt: number, deleted: readonly Interval[] = []): boolean {
    const entry = this.#entry;
    entry.open(series);
    entry.skipLabels();
    while (entry.nextChunk()) {
      if (entry.mint > maxt) return false;
      if (entry.maxt >= mint && !coversAll(deleted, entry.mint, entry.maxt)) return true;
    }
    return false;
  }

  eachChunk(series: number, visit: (mint: number, maxt: number, chunk: number) => void): void {
    const entry = this.#entry;
    entry.open(series);
    entry.skipLabels();
    while (entry.nextChunk()) visit(entry.mint, entry.maxt, entry.chunk);
  }

  /** References of the chunks of a series that overlap the range, in order of time; valid until the next call. */
  chunks(series: number, mint: number, maxt: number): readonly number[] {
    const entry = this.#entry;
    const found = this.#chunks;
    found.length = 0;
    entry.open(series);
    entry.skipLabels();
    while (entry.nextChunk()) {
      if (entry.maxt < mint) continue;
      if (entry.mint > maxt) break;
      found.push(entry.chunk);
    }
    return found;
  }

  close(): void {
    this.#file.close();
  }

  /** u32 length, u32 count, the references, u32 checksum. */
  #postings(offset: number): Uint32Array {
    const content = readSection(this.#file, offset);
    const reader = new ByteReader(content);
    const count = content.length < 4 ? -1 : reader.u32();
    if (count < 0 || content.length !== 4 + 4 * count) {
      throw new BlockError(this.#file.path, offset, 'a postings list has another length than it says');
    }
    // In one sweep over words whose bytes stand the other way round.
    const words = new DataView(content.buffer, content.byteOffset + 4, 4 * count);
    const series = new Uint32Array(count);
    for (let i = 0; i < count; i++) series[i] = words.getUint32(4 * i);
    return series;
  }
}
