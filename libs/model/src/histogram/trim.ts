import { type Bucket, negativeBuckets, positiveBuckets } from './bounds.ts';
import { type Buckets, withoutEmpty } from './buckets.ts';
import { type FloatHistogram, isCustom } from './histogram.ts';

/** The part of a bucket that stays, and the value that stands for its observations in the new sum. */
interface Kept {
  readonly count: number;
  readonly middle: number;
}

type Side = 'below' | 'above';

/**
 * The observations below (`</`) or above (`>/`) a value. A bucket across it is divided: linearly where buckets are
 * custom, exponentially where they are exponential. The sum is estimated anew from the middles of what is left.
 */
export function trimHistogram(histogram: FloatHistogram, side: Side, at: number): FloatHistogram {
  const custom = isCustom(histogram);
  const keep = (bucket: Bucket, sign: number) => keepOfBucket(bucket, side, at, sign, custom);
  const positive = [...positiveBuckets(histogram)].map((bucket) => keep(bucket, 1));
  const negative = [...negativeBuckets(histogram)].map((bucket) => keep(bucket, -1));
  const zero =
    histogram.zeroCount > 0 ? keepOfZero(histogram, side, at) : { count: histogram.zeroCount, middle: 0 };
  const unchanged =
    sameCount(zero.count, histogram.zeroCount) &&
    sameCounts(positive, histogram.positive) &&
    sameCounts(negative, histogram.negative);
  if (unchanged) return histogram;
  const parts = [...positive, ...negative, ...(histogram.zeroCount > 0 ? [zero] : [])];
  return {
    ...histogram,
    zeroCount: zero.count,
    count: parts.reduce((total, { count }) => total + count, 0),
    sum: parts.reduce((total, { count, middle }) => total + middle * count, 0),
    positive: withCounts(histogram.positive, positive),
    negative: withCounts(histogram.negative, negative),
  };
}

function sameCounts(kept: readonly Kept[], buckets: Buckets): boolean {
  return kept.every(({ count }, i) => sameCount(count, buckets.count[i]!));
}

/** A count of NaN is what an earlier cut at NaN leaves. */
function sameCount(a: number, b: number): boolean {
  return a === b || (a !== a && b !== b);
}

function withCounts({ index }: Buckets, kept: readonly Kept[]): Buckets {
  return withoutEmpty({ index, count: Float64Array.from(kept, ({ count }) => count) });
}

function keepOfBucket(bucket: Bucket, side: Side, at: number, sign: number, linear: boolean): Kept {
  const { lower, upper, count } = bucket;
  if (count === 0) return { count, middle: 0 };
  const whole = side === 'below' ? upper <= at : lower >= at;
  if (whole) return { count, middle: middleOf(lower, upper, sign, linear) };
  const something = side === 'below' ? lower < at : upper > at;
  if (!something) return { count: 0, middle: 0 };
  if (lower === -Infinity) return keepOfLowest(bucket, side, at);
  // Nothing is known of the values in a bucket without end: those above a value may all be, those below are none.
  if (upper === Infinity) return side === 'above' ? { count, middle: at } : { count: 0, middle: 0 };
  const below = count * (linear ? (at - lower) / (upper - lower) : exponentialShare(lower, upper, at, sign));
  return side === 'below'
    ? { count: below, middle: middleOf(lower, at, sign, linear) }
    : { count: count - below, middle: middleOf(at, upper, sign, linear) };
}

/** The bucket (−Inf, upper]: taken as (0, upper] where upper is positive, else without known values. */
function keepOfLowest({ upper, count }: Bucket, side: Side, at: number): Kept {
  const divisible = upper > 0 && upper !== Infinity;
  if (side === 'below') {
    if (at > 0 && divisible) return { count: (count * at) / upper, middle: at / 2 };
    return upper <= 0 ? { count, middle: at } : { count: 0, middle: 0 };
  }
  if (at === -Infinity) return { count, middle: 0 };
  return at >= 0 && divisible
    ? { count: count * (1 - at / upper), middle: (at + upper) / 2 }
    : { count: 0, middle: 0 };
}

function exponentialShare(lower: number, upper: number, at: number, sign: number): number {
  const [low, high, cut] = [lower, upper, at].map((value) => Math.log2(Math.abs(value))) as [
    number,
    number,
    number,
  ];
  return sign > 0 ? (cut - low) / (high - low) : 1 - (cut - high) / (low - high);
}

/** The zero bucket is divided linearly, on one side of 0 only where no bucket is populated on the other. */
function keepOfZero(
  { zeroThreshold, zeroCount, positive, negative }: FloatHistogram,
  side: Side,
  at: number,
): Kept {
  const hasPositive = positive.count.some((count) => count !== 0);
  const hasNegative = negative.count.some((count) => count !== 0);
  const lower = hasPositive && !hasNegative ? 0 : -zeroThreshold;
  const upper = hasNegative && !hasPositive ? 0 : zeroThreshold;
  const cut = Math.min(Math.max(at, lower), upper);
  const [from, to] = side === 'below' ? [lower, cut] : [cut, upper];
  const outside = side === 'below' ? at <= lower : at >= upper;
  if (outside) return { count: 0, middle: 0 };
  const share = from === lower && to === upper ? 1 : (to - from) / (upper - lower);
  return { count: zeroCount * share, middle: (from + to) / 2 };
}

/** What stands for the observations between two bounds: the mean, arithmetic for custom buckets, else geometric. */
function middleOf(lower: number, upper: number, sign: number, linear: boolean): number {
  if (lower === -Infinity) return upper === Infinity ? 0 : upper > 0 ? upper / 2 : upper;
  if (upper === Infinity) return lower;
  return linear ? (lower + upper) / 2 : sign * Math.sqrt(Math.abs(lower * upper));
}
