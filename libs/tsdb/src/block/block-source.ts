import type { Labels, Matcher } from '@paddlewatch/model';
import { decodeChunk } from '../chunk/decode.ts';
import type { SampleSink } from '../chunk/sample-sink.ts';
import type { Effort } from '../read/effort.ts';
import { dropDeleted } from '../read/intervals.ts';
import { selectPostings } from '../read/select-postings.ts';
import type { SeriesHashes } from '../read/series-hash.ts';
import type { LabelColumn, SelectHints, SeriesSet, Source } from '../read/source.ts';
import type { Block } from './block.ts';
import type { OpenedSelection } from './opened-selection.ts';
import { SelectionCache } from './selection-cache.ts';
import type { Tombstones } from './tombstones.ts';

/** A block as a thread reads it. It is closed when it is retired and the last reader has gone. */
export class BlockSource implements Source {
  readonly block: Block;
  readonly #selections: SelectionCache;
  #readers = 0;
  #retired = false;

  constructor(block: Block, selections = new SelectionCache()) {
    this.block = block;
    this.#selections = selections;
  }

  hold(): void {
    this.#readers++;
  }

  release(): void {
    this.#readers--;
    this.#selections.trim();
    if (this.#retired && this.#readers === 0) this.#close();
  }

  /** Nobody new will read it. */
  retire(): void {
    this.#retired = true;
    if (this.#readers === 0) this.#close();
  }

  #close(): void {
    this.#selections.forget(this.block);
    this.block.close();
  }

  get minTime(): number {
    return this.block.meta.minTime;
  }

  get maxTime(): number {
    return this.block.meta.maxTime - 1;
  }

  select(matchers: readonly Matcher[], hints: SelectHints): SeriesSet {
    const selection = this.#selections.open(this.block, matchers, hints.effort);
    return new BlockSeriesSet(this.block, selection, this.#holding(selection, hints));
  }

  /**
   * Places of the series with a chunk that overlaps the range; where only series are wanted, one of which something is
   * left. Undefined where all have one.
   */
  #holding(selection: OpenedSelection, { mint, maxt, func }: SelectHints): Uint32Array | undefined {
    const deleted = func === 'series' ? this.block.tombstones : noTombstones;
    if (deleted.size === 0 && mint <= this.minTime && maxt >= this.maxTime) return undefined;
    const places = new Uint32Array(selection.length);
    let found = 0;
    for (let at = 0; at < places.length; at++) {
      if (selection.overlaps(at, mint, maxt, deleted.get(selection.series[at]!))) places[found++] = at;
    }
    return found === places.length ? undefined : places.subarray(0, found);
  }

  labelNames(matchers: readonly Matcher[], effort?: Effort): string[] {
    const { index } = this.block;
    index.foresee(effort);
    if (matchers.length === 0) return index.table.names().filter((name) => name !== '');
    const names = new Set<string>();
    const found = selectPostings(index, matchers, effort);
    effort?.('series', found.length);
    for (const series of found) {
      const labels = index.labels(series);
      for (let i = 0; i < labels.length; i += 2) names.add(labels[i]!);
    }
    return [...names].sort();
  }

  labelValues(name: string, matchers: readonly Matcher[], effort?: Effort): string[] {
    const { index } = this.block;
    index.foresee(effort);
    const entry = index.table.entry(name);
    if (!entry) return [];
    if (matchers.length === 0) {
      effort?.('value', entry.places.length);
      return [...index.table.values(entry)];
    }
    return this.#selections.open(this.block, matchers, effort).column(name).values.slice(1).sort();
  }
}

const noTombstones: Tombstones = new Map();

/** A selection, or some of its places. */
class BlockSeriesSet implements SeriesSet {
  readonly #block: Block;
  readonly #selection: OpenedSelection;
  readonly #places: Uint32Array | undefined;
  readonly warnings: readonly string[] = [];

  constructor(block: Block, selection: OpenedSelection, places: Uint32Array | undefined) {
    this.#block = block;
    this.#selection = selection;
    this.#places = places;
  }

  get length(): number {
    return this.#places?.length ?? this.#selection.length;
  }

  labels(series: number): Labels {
    return this.#selection.labels(this.#place(series));
  }

  column(name: string): LabelColumn {
    const { ids, values } = this.#selection.column(name);
    return { ids: this.#places ? this.#places.map((place) => ids[place]!) : ids, values };
  }

  hashes(): SeriesHashes {
    const hashes = this.#selection.hashes();
    const places = this.#places;
    if (!places) return hashes;
    const { low, high } = hashes;
    return {
      low: Int32Array.from(places, (place) => low[place]!),
      high: Int32Array.from(places, (place) => high[place]!),
    };
  }

  read(series: number, mint: number, maxt: number, into: SampleSink): void {
    const { chunks, tombstones } = this.#block;
    const { starts, mints, maxts, references } = this.#selection.chunks;
    const place = this.#place(series);
    const start = into.length;
    for (let i = starts[place]!; i < starts[place + 1]! && mints[i]! <= maxt; i++) {
      if (maxts[i]! < mint) continue;
      chunks.seek(references[i]!);
      const { encoding, bytes, at, end } = chunks;
      if (!decodeChunk(encoding, bytes, at, end, mint, maxt, into)) throw chunks.fault('a chunk is damaged');
    }
    const deleted = tombstones.size === 0 ? undefined : tombstones.get(this.#selection.series[place]!);
    if (deleted) dropDeleted(into, start, deleted);
  }

  #place(series: number): number {
    return this.#places ? this.#places[series]! : series;
  }
}
