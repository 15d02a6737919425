import type { Labels, Matcher } from '@paddlewatch/model';
import type { SampleBuffer } from './sample-buffer.ts';

/**
 * What the engine needs of a storage. A query runs in two steps: it opens all its selectors (`select`, which may
 * wait for I/O), then computes without ever waiting (`labels`, `column`, `read`).
 * All times are milliseconds since the epoch, ranges inclusive at both ends.
 */
export interface Queryable {
  /** A consistent view of samples with mint ≤ t ≤ maxt. The caller closes it. */
  querier(mint: number, maxt: number): Querier;
}

export interface Querier {
  /** The series that all matchers fit, in any order, each label set once. @throws when storage cannot be read. */
  select(matchers: readonly Matcher[], hints: SelectHints): SeriesSet | Promise<SeriesSet>;
  close(): void;
}

/** What the engine will do with the series; a storage may use it to fetch less, and may ignore it. */
export interface SelectHints {
  /** The samples that will be read: mint ≤ t ≤ maxt. May be narrower than the querier's range. */
  readonly mint: number;
  readonly maxt: number;
  /** Steps of the query, 0 for an instant query. */
  readonly step: number;
  /** The function directly around the selector, '' where there is none. */
  readonly func: string;
  /** The window of a range selector, 0 for an instant one. */
  readonly range: number;
}

/** Opened series, addressed by their place 0 … length−1. Labels are decoded only where somebody asks. */
export interface SeriesSet {
  readonly length: number;
  labels(series: number): Labels;
  /** One label of all series without building label sets: `values[ids[series]]`. `values[0]` is ''. */
  column(name: string): LabelColumn;
  /** Appends the samples of a series with mint ≤ t ≤ maxt to the buffer, oldest first, times strictly rising. */
  read(series: number, mint: number, maxt: number, into: SampleBuffer): void;
  /** What the user should know although the answer stands. */
  readonly warnings: readonly string[];
}

export interface LabelColumn {
  readonly ids: Uint32Array;
  readonly values: readonly string[];
}
