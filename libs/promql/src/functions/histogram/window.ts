import { type FloatHistogram, quoteString } from '@paddlewatch/model';

/** A remark on samples, and how it names their metric: as ` for metric name "x"`, as `"x"`, or not at all. */
export interface Remark {
  readonly text: string;
  readonly names: 'for' | 'plain' | 'none';
}

/** Where a function says what the user should know of a series' samples. */
export interface Notes {
  warn(remark: Remark): void;
  info(remark: Remark): void;
}

/** The samples that one step sees of a series with histograms: floats and histograms in order of time. */
export interface MixedWindow {
  /** Milliseconds, by sample place. */
  readonly t: Float64Array;
  readonly v: Float64Array;
  /** The histogram at a place; undefined where the sample is a float. */
  readonly h: readonly (FloatHistogram | undefined)[];
  /** When the counter began by each sample's account, ms; undefined where it does not say. Empty while none does. */
  readonly starts: readonly (number | undefined)[];
  /** The window is samples `from` … `to` − 1; it has one at least. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds; the window begins after `end` − `range`. */
  readonly end: number;
  readonly range: number;
}

/** A histogram, a float, or nothing. */
export type Answer = FloatHistogram | number | undefined;

export const mixedKinds: Remark = { text: 'encountered a mix of histograms and floats', names: 'for' };
export const mixedSchemas: Remark = {
  text: 'vector contains a mix of histograms with exponential and custom buckets schemas',
  names: 'for',
};
export const ignoredHistograms: Remark = {
  text: 'ignored histograms in a range containing both floats and histograms',
  names: 'for',
};
export const notCounter: Remark = { text: 'this native histogram metric is not a counter:', names: 'plain' };
export const notGauge: Remark = { text: 'this native histogram metric is not a gauge:', names: 'plain' };

export const overlappingStarts: Remark = {
  text: 'sample has start time that overlaps with previous sample timestamp for metric',
  names: 'plain',
};

export function reconciled(operation: 'addition' | 'subtraction' | 'aggregation'): Remark {
  return { text: `mismatched custom buckets were reconciled during ${operation}`, names: 'none' };
}

export function collidingHints(operation: 'addition' | 'subtraction' | 'aggregation'): Remark {
  return { text: `conflicting counter resets during histogram ${operation}`, names: 'none' };
}

/** A remark with its metric, which is written as `""` where it has no name any longer. */
export function remarkText({ text, names }: Remark, metric: string): string {
  if (names === 'none') return text;
  return `${text}${names === 'for' ? ' for metric name' : ''} ${quoteString(metric)}`;
}
