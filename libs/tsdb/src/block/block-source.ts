import type { Labels, Matcher } from '@paddlewatch/model';
import { decodeChunk } from '../chunk/decode.ts';
import type { SampleSink } from '../chunk/sample-sink.ts';
import { dropDeleted } from '../read/intervals.ts';
import { selectPostings } from '../read/select-postings.ts';
import type { SeriesHashes } from '../read/series-hash.ts';
import type { LabelColumn, SelectHints, SeriesSet, Source } from '../read/source.ts';
import type { Block } from './block.ts';

/** A block as a thread reads it. It is closed when it is retired and the last reader has gone. */
export class BlockSource implements Source {
  readonly block: Block;
  #readers = 0;
  #retired = false;

  constructor(block: Block) {
    this.block = block;
  }

  hold(): void {
    this.#readers++;
  }

  release(): void {
    this.#readers--;
    if (this.#retired && this.#readers === 0) this.block.close();
  }

  /** Nobody new will read it. */
  retire(): void {
    this.#retired = true;
    if (this.#readers === 0) this.block.close();
  }

  get minTime(): number {
    return this.block.meta.minTime;
  }

  get maxTime(): number {
    return this.block.meta.maxTime - 1;
  }

  select(matchers: readonly Matcher[], hints: SelectHints): SeriesSet {
    const found = selectPostings(this.block.index, matchers);
    return new BlockSeriesSet(this.block, this.#holding(found, hints));
  }

  /** Those with a chunk that overlaps the range; where only series are wanted, one of which something is left. */
  #holding(found: Uint32Array, { mint, maxt, func }: SelectHints): Uint32Array {
    const { index, tombstones } = this.block;
    if (func === 'series' && tombstones.size > 0) {
      return found.filter((series) => index.overlaps(series, mint, maxt, tombstones.get(series)));
    }
    if (mint <= this.minTime && maxt >= this.maxTime) return found;
    return found.filter((series) => index.overlaps(series, mint, maxt));
  }

  labelNames(matchers: readonly Matcher[]): string[] {
    const { index } = this.block;
    if (matchers.length === 0) return index.table.names().filter((name) => name !== '');
    const names = new Set<string>();
    for (const series of selectPostings(index, matchers)) {
      const labels = index.labels(series);
      for (let i = 0; i < labels.length; i += 2) names.add(labels[i]!);
    }
    return [...names].sort();
  }

  labelValues(name: string, matchers: readonly Matcher[]): string[] {
    const { index } = this.block;
    const entry = index.table.entry(name);
    if (!entry) return [];
    if (matchers.length === 0) return [...index.table.values(entry)];
    const { values } = new BlockSeriesSet(this.block, selectPostings(index, matchers)).column(name);
    return values.slice(1).sort();
  }
}

class BlockSeriesSet implements SeriesSet {
  readonly #block: Block;
  readonly #series: Uint32Array;
  readonly warnings: readonly string[] = [];

  constructor(block: Block, series: Uint32Array) {
    this.#block = block;
    this.#series = series;
  }

  get length(): number {
    return this.#series.length;
  }

  labels(series: number): Labels {
    return this.#block.index.labels(this.#series[series]!);
  }

  column(name: string): LabelColumn {
    const { index } = this.#block;
    const ids = new Uint32Array(this.length);
    const values = [''];
    const symbol = index.symbols.find(name);
    if (symbol < 0) return { ids, values };
    const found = new Int32Array(this.length);
    index.labelOf(this.#series, symbol, found);
    const idOf = new Uint32Array(index.symbols.length);
    for (let i = 0; i < ids.length; i++) {
      const value = found[i]!;
      if (value < 0) continue;
      if (idOf[value] === 0) idOf[value] = values.push(index.symbols.text(value)) - 1;
      ids[i] = idOf[value]!;
    }
    return { ids, values };
  }

  hashes(): SeriesHashes {
    return this.#block.index.hashes(this.#series);
  }

  read(series: number, mint: number, maxt: number, into: SampleSink): void {
    const { index, chunks, tombstones } = this.#block;
    const reference = this.#series[series]!;
    const deleted = tombstones.size === 0 ? undefined : tombstones.get(reference);
    const start = into.length;
    for (const chunk of index.chunks(reference, mint, maxt)) {
      chunks.seek(chunk);
      const { encoding, bytes, at, end } = chunks;
      if (!decodeChunk(encoding, bytes, at, end, mint, maxt, into)) throw chunks.fault('a chunk is damaged');
    }
    if (deleted) dropDeleted(into, start, deleted);
  }
}
