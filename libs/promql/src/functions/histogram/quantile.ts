import { allBuckets, type Bucket, type FloatHistogram, isCustom } from '@paddlewatch/model';

/** What observations of NaN, which no bucket holds, do to a quantile. */
export type NanEffect = 'none' | 'NaN' | 'skewed higher';

export interface HistogramQuantile {
  readonly value: number;
  readonly effect: NanEffect;
}

/**
 * The q-quantile: linear within custom buckets and the zero bucket, exponential within the others. The first custom
 * bucket starts at 0 unless its bound is below; the last, without end, has no width.
 */
export function histogramQuantile(q: number, histogram: FloatHistogram): HistogramQuantile {
  if (q < 0 || q > 1) return clean(q < 0 ? -Infinity : Infinity);
  if (histogram.count === 0 || q !== q) return clean(NaN);
  const buckets = allBuckets(histogram);
  const sawNaN = Number.isNaN(histogram.sum);
  // From the nearer end, except that NaN counts as above everything, which only the way up tells.
  const forward = sawNaN || q < 0.5;
  const target = (forward ? q : 1 - q) * histogram.count;
  const { bucket, count } = bucketAt(forward ? buckets : buckets.reverse(), target);
  const { lower, upper } = isCustom(histogram) ? customBounds(bucket) : boundsAtZero(bucket, histogram);
  if (lower === -Infinity) return clean(upper);
  // Of a single bucket without any bounds nothing is known: NaN or infinity comes out below.
  if (upper === Infinity && bucket.lower !== -Infinity) return clean(lower);
  const reached = Math.min(count, histogram.count);
  if (reached < target) return sawNaN ? { value: NaN, effect: 'NaN' } : clean(upper);
  const rank = forward ? target - (reached - bucket.count) : reached - target;
  const value = interpolate(lower, upper, rank / bucket.count, isCustom(histogram));
  return { value, effect: sawNaN && total(buckets) < histogram.count ? 'skewed higher' : 'none' };
}

function clean(value: number): HistogramQuantile {
  return { value, effect: 'none' };
}

function total(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

/** The first bucket with which the running count reaches the target, or the last. */
function bucketAt(buckets: readonly Bucket[], target: number): { bucket: Bucket; count: number } {
  let count = 0;
  let bucket: Bucket = { lower: 0, upper: 0, lowerInclusive: false, upperInclusive: false, count: 0 };
  for (bucket of buckets) {
    count += bucket.count;
    if (bucket.count !== 0 && count >= target) break;
  }
  return { bucket, count };
}

/** A bucket around 0 begins or ends there where all observations have one sign. */
export function boundsAtZero(
  { lower, upper }: Bucket,
  { positive, negative }: FloatHistogram,
): { lower: number; upper: number } {
  if (lower > 0 || upper < 0) return { lower, upper };
  const above = positive.index.length > 0;
  const below = negative.index.length > 0;
  if (above && !below) return { lower: 0, upper };
  return below && !above ? { lower, upper: 0 } : { lower, upper };
}

function customBounds({ lower, upper }: Bucket): { lower: number; upper: number } {
  return { lower: lower === -Infinity && upper > 0 ? 0 : lower, upper };
}

function interpolate(lower: number, upper: number, share: number, custom: boolean): number {
  if (custom || (lower <= 0 && upper >= 0)) return lower + (upper - lower) * share;
  const low = Math.log2(Math.abs(lower));
  const high = Math.log2(Math.abs(upper));
  return lower > 0 ? 2 ** (low + (high - low) * share) : -(2 ** (high + (low - high) * (1 - share)));
}
