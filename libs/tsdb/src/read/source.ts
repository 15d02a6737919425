import type { Labels, Matcher } from '@paddlewatch/model';
import type { SampleSink } from '../chunk/sample-sink.ts';
import type { Effort } from './effort.ts';
import type { SeriesHashes } from './series-hash.ts';

/**
 * A place that holds samples: the head, a block. What a Db reads is the union of its sources, oldest first.
 * Times are milliseconds, ranges inclusive at both ends.
 */
export interface Source {
  /** Everything that the source may hold lies in minTime ≤ t ≤ maxTime. */
  readonly minTime: number;
  readonly maxTime: number;
  /** The series that all matchers fit, each label set once, in any order. */
  select(matchers: readonly Matcher[], hints: SelectHints): SeriesSet | Promise<SeriesSet>;
  /** Sorted. */
  labelNames(matchers: readonly Matcher[], effort?: Effort): string[] | Promise<string[]>;
  /** Sorted. */
  labelValues(name: string, matchers: readonly Matcher[], effort?: Effort): string[] | Promise<string[]>;
  /** A reader that holds a source may read it until it releases it, also when the source is replaced meanwhile. */
  hold?(): void;
  release?(): void;
}

/** What the reader will do; a source may use it to fetch less. */
export interface SelectHints {
  readonly mint: number;
  readonly maxt: number;
  /** 'series' where only series with samples in the range are wanted, not samples. */
  readonly func?: string;
  readonly effort?: Effort;
}

/** Opened series, addressed by their place 0 … length − 1. */
export interface SeriesSet {
  readonly length: number;
  labels(series: number): Labels;
  /** One label of all series: `values[ids[series]]`; `values[0]` is ''. */
  column(name: string): LabelColumn;
  /** Appends the samples with mint ≤ t ≤ maxt, oldest first, times strictly rising. */
  read(series: number, mint: number, maxt: number, into: SampleSink): void;
  /** Hashes of the label sets, where the set can make them without texts; see hashSeries. */
  hashes?(): SeriesHashes;
  readonly warnings: readonly string[];
}

export interface LabelColumn {
  readonly ids: Uint32Array;
  readonly values: readonly string[];
}
