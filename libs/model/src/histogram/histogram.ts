import { type Buckets, noBuckets } from './buckets.ts';

/**
 * What is known of a counter's way from the sample before to this one. Gauges go up and down and have no resets.
 */
export type CounterResetHint = 'unknown' | 'reset' | 'notReset' | 'gauge';

/**
 * A native histogram with float counts, immutable. Bucket bounds follow from `schema`: −4 … 8 are exponential, each
 * bound 2^(2^−schema) times the one before, with a zero bucket around 0; −53 takes its bounds from `customBounds` and
 * has neither zero bucket nor negative side.
 */
export interface FloatHistogram {
  readonly hint: CounterResetHint;
  readonly schema: number;
  /** Half the width of the zero bucket, which holds −zeroThreshold … +zeroThreshold inclusive. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
  /** Upper bounds of custom buckets, rising, without the last, +Inf. Empty in exponential schemas. */
  readonly customBounds: readonly number[];
}

export const customSchema = -53;
export const lowestSchema = -4;
export const highestSchema = 8;
const noBounds: readonly number[] = [];

/** A histogram from its parts, the rest empty. */
export function histogramOf(parts: Partial<FloatHistogram>): FloatHistogram {
  return {
    hint: 'unknown',
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 0,
    sum: 0,
    positive: noBuckets,
    negative: noBuckets,
    customBounds: noBounds,
    ...parts,
  };
}

export function isCustom(histogram: FloatHistogram): boolean {
  return histogram.schema === customSchema;
}

export function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((bound, i) => bound === b[i]));
}
