import type { Labels } from '@paddlewatch/model';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { Effort } from '../read/effort.ts';
import type { LabelIndex } from '../read/select-postings.ts';
import { type SeriesHashes, startHash } from '../read/series-hash.ts';
import type { LabelColumn } from '../read/source.ts';
import { BlockError } from './block-error.ts';
import { type ChunkTable, ChunkTableWriter } from './chunk-table.ts';
import type { FileWindows, WindowedFile } from './file-windows.ts';
import { PostingsTable } from './postings-table.ts';
import { readSection, sectionLength } from './section.ts';
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

  /** Tells of the tables that are still to be read. */
  foresee(effort: Effort | undefined): void {
    if (!effort) return;
    if (!this.#table) effort('byte', sectionLength(this.#file, this.#toc.postingsOffsets));
    if (!this.#symbols) effort('byte', sectionLength(this.#file, this.#toc.symbols));
  }

  everything(effort?: Effort): Uint32Array {
    return this.withValue('', '', effort) ?? new Uint32Array(0);
  }

  withValue(name: string, value: string, effort?: Effort): Uint32Array | undefined {
    const entry = this.table.entry(name);
    const place = entry ? this.table.find(entry, value) : -1;
    return place < 0 ? undefined : this.#postings(this.table.listOffset(entry!, place), effort);
  }

  withTest(name: string, test: (value: string) => boolean, effort?: Effort): Uint32Array[] {
    const entry = this.table.entry(name);
    const lists: Uint32Array[] = [];
    if (!entry) return lists;
    effort?.('value', entry.places.length);
    for (const [i, value] of this.table.values(entry).entries()) {
      if (test(value)) lists.push(this.#postings(this.table.listOffset(entry, i), effort));
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

  /** One label of all series. `name` need not occur. */
  column(series: Uint32Array, name: string): LabelColumn {
    const { symbols } = this;
    const ids = new Uint32Array(series.length);
    const values = [''];
    const wanted = symbols.find(name);
    if (wanted < 0) return { ids, values };
    const idOf = new Uint32Array(symbols.length);
    const entry = this.#entry;
    for (let i = 0; i < series.length; i++) {
      entry.open(series[i]!);
      // Names rise with their symbols.
      while (entry.nextLabel() && entry.name <= wanted) {
        if (entry.name < wanted) continue;
        const { value } = entry;
        if (idOf[value] === 0) idOf[value] = values.push(symbols.text(value)) - 1;
        ids[i] = idOf[value]!;
      }
    }
    return { ids, values };
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

  eachChunk(series: number, visit: (mint: number, maxt: number, chunk: number) => void): void {
    const entry = this.#entry;
    entry.open(series);
    entry.skipLabels();
    while (entry.nextChunk()) visit(entry.mint, entry.maxt, entry.chunk);
  }

  chunkTable(series: Uint32Array): ChunkTable {
    const entry = this.#entry;
    const table = new ChunkTableWriter(series.length);
    for (let i = 0; i < series.length; i++) {
      entry.open(series[i]!);
      entry.skipLabels();
      while (entry.nextChunk()) table.add(entry.mint, entry.maxt, entry.chunk);
      table.endSeries();
    }
    return table.finish();
  }

  close(): void {
    this.#file.close();
  }

  /** u32 length, u32 count, the references, u32 checksum. */
  #postings(offset: number, effort: Effort | undefined): Uint32Array {
    effort?.('list', 1);
    effort?.('posting', sectionLength(this.#file, offset) / 4 - 1);
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
