import type { Labels, Matcher } from '@paddlewatch/model';
import type { SampleSink } from '../chunk/sample-sink.ts';
import type { Effort } from '../read/effort.ts';
import { dropDeleted, type Interval } from '../read/intervals.ts';
import { selectPostings } from '../read/select-postings.ts';
import type { SeriesHashes } from '../read/series-hash.ts';
import type { LabelColumn, SelectHints, SeriesSet, Source } from '../read/source.ts';
import { type DeletedSamples, DeletionsView } from './deletions.ts';
import { inLabelOrder } from './label-order.ts';
import {
  type ChunkBytes,
  completeCommits,
  copyChunks,
  type HeadView,
  hasSamples,
  readSeries,
  timeSpan,
} from './read-chunks.ts';
import { SeriesIndex } from './series-index.ts';
import { controlTime } from './shared-head.ts';

/** A query was overtaken by the removal of what it reads; asked again it finds that in a block. */
export class TruncatedError extends Error {
  constructor() {
    super('cannot read the head: it was truncated while the query ran');
    this.name = 'TruncatedError';
  }
}

/** The head as a thread reads it. */
export class HeadSource implements Source {
  readonly #view: HeadView;
  readonly #deletions: DeletionsView;
  #newest: SeriesIndex | undefined;

  constructor(view: HeadView) {
    this.#view = view;
    this.#deletions = new DeletionsView(view.shared);
  }

  get minTime(): number {
    return this.#view.shared.times[controlTime.min]!;
  }

  get maxTime(): number {
    return this.#view.shared.times[controlTime.max]!;
  }

  /** The head without what blocks hold now. Take it before you list the blocks: then nothing falls between. */
  aboveBlocks(): Source {
    const floor = this.#view.shared.times[controlTime.blocks]!;
    return {
      minTime: Math.max(this.minTime, floor),
      maxTime: this.maxTime,
      select: (matchers, hints) => this.select(matchers, hints, floor),
      labelNames: (matchers, effort) => this.labelNames(matchers, effort),
      labelValues: (name, matchers, effort) => this.labelValues(name, matchers, effort),
    };
  }

  /** Samples before `floor` are not shown. */
  select(matchers: readonly Matcher[], hints?: SelectHints, floor = Number.NEGATIVE_INFINITY): HeadSeriesSet {
    const index = this.#index();
    const deleted = this.#deletions.newest();
    let found = selectPostings(index, matchers, hints?.effort);
    if (hints?.func === 'series') {
      const { shared } = this.#view;
      found = found.filter((at) => {
        const slot = index.slots[at]!;
        return hasSamples(shared, slot, hints.mint, hints.maxt, deleted.get(slot));
      });
    }
    return new HeadSeriesSet(index, found, this.#view, floor, deleted);
  }

  /** Slots of the series that all matchers fit, with the times between which each holds samples. */
  spans(matchers: readonly Matcher[]): { readonly slot: number; readonly span: Interval }[] {
    const index = this.#index();
    const slots = Array.from(selectPostings(index, matchers), (at) => index.slots[at]!);
    return slots.map((slot) => ({ slot, span: timeSpan(this.#view.shared, slot) }));
  }

  labelNames(matchers: readonly Matcher[], effort?: Effort): string[] {
    const index = this.#index();
    const { names } = index;
    if (matchers.length === 0) return names.map(({ name }) => name).sort();
    const found = selectPostings(index, matchers, effort);
    effort?.('series', found.length);
    return names
      .filter(({ id }) => found.some((at) => index.labelId(at, id) !== 0))
      .map(({ name }) => name)
      .sort();
  }

  labelValues(name: string, matchers: readonly Matcher[], effort?: Effort): string[] {
    const index = this.#index();
    const entry = index.name(name);
    if (!entry) return [];
    if (matchers.length === 0) {
      effort?.('value', entry.values.length);
      return entry.values.map((id) => index.text(id)).sort();
    }
    const ids = new Set<number>();
    for (const at of selectPostings(index, matchers, effort)) ids.add(index.labelId(at, entry.id));
    ids.delete(0);
    return [...ids].map((id) => index.text(id)).sort();
  }

  /** Takes at most so many of the series into the index that this thread has not met yet. Whether none is left. */
  catchUp(most: number): boolean {
    if (!this.#newest?.update(most)) {
      this.#newest = SeriesIndex.begin(this.#view.shared);
      this.#newest.update(most);
    }
    return this.#newest.isComplete;
  }

  #index(): SeriesIndex {
    if (!this.#newest?.update()) this.#newest = SeriesIndex.build(this.#view.shared);
    return this.#newest;
  }
}

/** Opened series of the head; compaction also takes their chunks as they are. */
export class HeadSeriesSet implements SeriesSet {
  readonly #index: SeriesIndex;
  readonly #places: Uint32Array;
  readonly #view: HeadView;
  readonly #truncated: number;
  readonly #floor: number;
  readonly #commits: number;
  readonly #deleted: DeletedSamples;
  readonly warnings: readonly string[] = [];

  constructor(
    index: SeriesIndex,
    places: Uint32Array,
    view: HeadView,
    floor: number,
    deleted: DeletedSamples,
  ) {
    this.#deleted = deleted;
    this.#floor = floor;
    this.#index = index;
    this.#places = places;
    this.#view = view;
    this.#commits = completeCommits(view);
    this.#truncated = index.shared.times[controlTime.truncated]!;
  }

  get length(): number {
    return this.#places.length;
  }

  labels(series: number): Labels {
    return this.#index.labels(this.#places[series]!);
  }

  /** The numbers of the series in the order of their label sets. */
  labelOrder(): Uint32Array {
    return inLabelOrder(this.#index, this.#places);
  }

  column(name: string): LabelColumn {
    const ids = new Uint32Array(this.length);
    const values = [''];
    const entry = this.#index.name(name);
    if (!entry) return { ids, values };
    const columnIds = new Map<number, number>([[0, 0]]);
    for (let i = 0; i < ids.length; i++) {
      const id = this.#index.labelId(this.#places[i]!, entry.id);
      let columnId = columnIds.get(id);
      if (columnId === undefined) {
        columnId = values.length;
        columnIds.set(id, columnId);
        values.push(this.#index.text(id));
      }
      ids[i] = columnId;
    }
    return { ids, values };
  }

  read(series: number, mint: number, maxt: number, into: SampleSink): void {
    const from = Math.max(mint, this.#floor);
    const slot = this.#slot(series);
    const start = into.length;
    readSeries(this.#view, slot, this.#commits, from, maxt, into);
    const deleted = this.#deleted.get(slot);
    if (deleted) dropDeleted(into, start, deleted);
    this.#refuseTruncated(from);
  }

  hashes(): SeriesHashes {
    return this.#index.hashes(this.#places);
  }

  /** Copies of the chunks that overlap mint … maxt, oldest first. Late samples are not in them. */
  chunks(series: number, mint: number, maxt: number): ChunkBytes[] {
    const chunks = copyChunks(this.#view, this.#slot(series), mint, maxt);
    this.#refuseTruncated(mint);
    return chunks;
  }

  #slot(series: number): number {
    return this.#index.slots[this.#places[series]!]!;
  }

  #refuseTruncated(mint: number): void {
    const truncated = this.#view.shared.times[controlTime.truncated]!;
    if (truncated !== this.#truncated && mint < truncated) throw new TruncatedError();
  }
}
