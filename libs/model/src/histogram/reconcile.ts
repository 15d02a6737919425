import { negativeBuckets, positiveBuckets, upperBound } from './bounds.ts';
import { filterBuckets, mapCounts, moveBuckets } from './buckets.ts';
import { customSchema, type FloatHistogram, isCustom, sameBounds } from './histogram.ts';

/** Two histograms brought to the same buckets. */
export interface Reconciled {
  readonly a: FloatHistogram;
  readonly b: FloatHistogram;
  /** Custom bounds differed, and both were reduced to the bounds they share. */
  readonly boundsReduced: boolean;
}

/** The same buckets for both, or undefined where one is exponential and the other custom. */
export function reconcile(a: FloatHistogram, b: FloatHistogram): Reconciled | undefined {
  if (isCustom(a) !== isCustom(b)) return undefined;
  if (isCustom(a)) return reconcileBounds(a, b);
  const [wideA, wideB] = reconcileZero(a, b);
  const schema = Math.min(a.schema, b.schema);
  return { a: toSchema(wideA, schema), b: toSchema(wideB, schema), boundsReduced: false };
}

function reconcileBounds(a: FloatHistogram, b: FloatHistogram): Reconciled {
  if (sameBounds(a.customBounds, b.customBounds)) return { a, b, boundsReduced: false };
  const shared = a.customBounds.filter((bound) => b.customBounds.includes(bound));
  return { a: toBounds(a, shared), b: toBounds(b, shared), boundsReduced: true };
}

/** A custom histogram over fewer bounds, all of them its own. */
function toBounds(histogram: FloatHistogram, bounds: readonly number[]): FloatHistogram {
  const places = [...histogram.customBounds, Infinity].map((upper) => {
    const place = bounds.findIndex((bound) => bound >= upper);
    return place < 0 ? bounds.length : place;
  });
  const positive = moveBuckets(histogram.positive, (index) => places[index] ?? bounds.length);
  return { ...histogram, customBounds: bounds, positive };
}

/** A histogram at a lower or equal resolution: 2^n neighbouring buckets become one. */
export function toSchema(histogram: FloatHistogram, schema: number): FloatHistogram {
  if (schema === histogram.schema || histogram.schema === customSchema) return histogram;
  const shift = histogram.schema - schema;
  const merge = (index: number) => ((index - 1) >> shift) + 1;
  return {
    ...histogram,
    schema,
    positive: moveBuckets(histogram.positive, merge),
    negative: moveBuckets(histogram.negative, merge),
  };
}

function reconcileZero(a: FloatHistogram, b: FloatHistogram): [FloatHistogram, FloatHistogram] {
  let [wideA, wideB] = [a, b];
  // Widening ends on a bucket bound, which can lie beyond the other's threshold; both climb until they meet.
  while (wideA.zeroThreshold !== wideB.zeroThreshold) {
    if (wideA.zeroThreshold < wideB.zeroThreshold) wideA = widenZero(wideA, wideB.zeroThreshold);
    else wideB = widenZero(wideB, wideA.zeroThreshold);
  }
  return [wideA, wideB];
}

/**
 * A histogram whose zero bucket reaches at least to `threshold`, having swallowed the buckets inside; where a
 * populated bucket straddles the threshold, up to the far bound of that bucket.
 */
export function widenZero(histogram: FloatHistogram, threshold: number): FloatHistogram {
  const { count, reach } = swallowed(histogram, threshold);
  const { schema, customBounds } = histogram;
  const outside = (index: Int32Array) => (place: number) =>
    upperBound(index[place]! - 1, schema, customBounds) >= reach;
  const { positive, negative } = histogram;
  return {
    ...histogram,
    zeroThreshold: reach,
    zeroCount: count,
    positive: filterBuckets(positive, outside(positive.index)),
    negative: filterBuckets(negative, outside(negative.index)),
  };
}

/** The count of a zero bucket that reaches at least to `threshold`, and how far it then reaches. */
function swallowed(histogram: FloatHistogram, threshold: number): { count: number; reach: number } {
  let reach = threshold;
  for (;;) {
    let count = histogram.zeroCount;
    let farther = reach;
    for (const side of [positiveBuckets(histogram), negativeBuckets(histogram)]) {
      for (const bucket of side) {
        const near = Math.min(Math.abs(bucket.lower), Math.abs(bucket.upper));
        const far = Math.max(Math.abs(bucket.lower), Math.abs(bucket.upper));
        if (near >= reach) break;
        count += bucket.count;
        if (far > reach && bucket.count !== 0) farther = Math.max(farther, far);
      }
    }
    if (farther === reach) return { count, reach };
    reach = farther;
  }
}

export function negated(histogram: FloatHistogram): FloatHistogram {
  return {
    ...histogram,
    zeroCount: -histogram.zeroCount,
    count: -histogram.count,
    sum: -histogram.sum,
    positive: mapCounts(histogram.positive, (count) => -count),
    negative: mapCounts(histogram.negative, (count) => -count),
  };
}
