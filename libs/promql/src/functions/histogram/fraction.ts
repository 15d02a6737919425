import { allBuckets, type Bucket, type FloatHistogram, isCustom } from '@paddlewatch/model';
import { boundsAtZero } from './quantile.ts';

export interface HistogramFraction {
  readonly value: number;
  /** There are observations of NaN, which belong to no fraction. */
  readonly sawNaN: boolean;
}

/** The share of observations between two values, interpolated as for quantiles. */
export function histogramFraction(
  lower: number,
  upper: number,
  histogram: FloatHistogram,
): HistogramFraction {
  if (histogram.count === 0 || lower !== lower || upper !== upper) return { value: NaN, sawNaN: false };
  if (lower >= upper) return { value: 0, sawNaN: false };
  const buckets = allBuckets(histogram);
  const inBuckets = buckets.reduce((sum, { count }) => sum + count, 0);
  const nan = Number.isNaN(histogram.sum);
  const most = nan ? inBuckets : histogram.count;
  const below = (value: number) => Math.min(rankOf(value, buckets, histogram) ?? most, most);
  return {
    value: (below(upper) - below(lower)) / histogram.count,
    sawNaN: nan && inBuckets < histogram.count,
  };
}

/** How many observations lie below a value; undefined above the last bucket. */
function rankOf(value: number, buckets: readonly Bucket[], histogram: FloatHistogram): number | undefined {
  let rank = 0;
  for (const bucket of buckets) {
    const { lower, upper } = boundsAtZero(bucket, histogram);
    if (lower >= value) return rank;
    if (upper > value) return rank + bucket.count * shareBelow(value, lower, upper, bucket, histogram);
    rank += bucket.count;
  }
  return undefined;
}

function shareBelow(
  value: number,
  lower: number,
  upper: number,
  bucket: Bucket,
  histogram: FloatHistogram,
): number {
  if (isCustom(histogram) || (bucket.lower <= 0 && bucket.upper >= 0))
    return lower === -Infinity ? 1 : (value - lower) / (upper - lower);
  const low = Math.log2(Math.abs(lower));
  const high = Math.log2(Math.abs(upper));
  const cut = Math.log2(Math.abs(value));
  return value > 0 ? (cut - low) / (high - low) : 1 - (cut - high) / (low - high);
}
