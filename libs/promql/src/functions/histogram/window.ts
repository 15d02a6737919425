import type { FloatHistogram } from '@paddlewatch/model';

/** Where a function says what the user should know of a series' samples. */
export interface Notes {
  warn(text: string): void;
  info(text: string): void;
}

/** The samples that one step sees of a series with histograms: floats and histograms in order of time. */
export interface MixedWindow {
  /** Milliseconds, by sample place. */
  readonly t: Float64Array;
  readonly v: Float64Array;
  /** The histogram at a place; undefined where the sample is a float. */
  readonly h: readonly (FloatHistogram | undefined)[];
  /** The window is samples `from` … `to` − 1; it has one at least. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds; the window begins after `end` − `range`. */
  readonly end: number;
  readonly range: number;
}

/** A histogram, a float, or nothing. */
export type Answer = FloatHistogram | number | undefined;

export const mixedKinds = 'encountered a mix of histograms and floats';
export const mixedSchemas = 'vector contains a mix of histograms with exponential and custom buckets schemas';
export const ignoredHistograms = 'ignored histograms in a range containing both floats and histograms';
export const notCounter = 'this native histogram metric is not a counter:';
export const notGauge = 'this native histogram metric is not a gauge:';

export function reconciled(operation: 'addition' | 'subtraction' | 'aggregation'): string {
  return `mismatched custom buckets were reconciled during ${operation}`;
}

export function collidingHints(
  operation: 'histogram addition' | 'histogram subtraction' | 'histogram aggregation',
): string {
  return `conflicting counter resets during ${operation}`;
}
