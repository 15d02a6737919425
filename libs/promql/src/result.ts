import type { FloatHistogram, Labels } from '@paddlewatch/model';

/** What a query gives. Times are ms since the epoch. */
export interface QueryResult {
  readonly value: Value;
  /** Annotations with the position they speak of, as Prometheus words them; at most ten each plus a line on the rest. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly stats: QueryStats;
}

export interface QueryStats {
  readonly totalQueryableSamples: number;
  readonly peakSamples: number;
}

export type Value =
  | { readonly type: 'scalar'; readonly t: number; readonly v: number }
  | { readonly type: 'string'; readonly t: number; readonly v: string }
  | { readonly type: 'vector'; readonly t: number; readonly samples: readonly VectorSample[] }
  | { readonly type: 'matrix'; readonly series: readonly MatrixSeries[] };

/** One element of an instant vector; a histogram where `h` is given. */
export interface VectorSample {
  readonly labels: Labels;
  readonly t: number;
  readonly v: number;
  readonly h?: FloatHistogram;
}

/** One series of a range: floats and histograms apart, each by rising time. */
export interface MatrixSeries {
  readonly labels: Labels;
  readonly t: Float64Array;
  readonly v: Float64Array;
  readonly histograms: readonly { readonly t: number; readonly h: FloatHistogram }[];
}
