import { allBuckets, type Bucket, type FloatHistogram, isCustom } from '@paddlewatch/model';
import { KahanSum } from '../../kahan.ts';

/** The variance, taking all observations of a bucket for its middle. */
export function histogramVariance(histogram: FloatHistogram): number {
  const mean = histogram.sum / histogram.count;
  const squares = new KahanSum();
  for (const bucket of allBuckets(histogram)) {
    if (bucket.count === 0) continue;
    const distance = middleOf(bucket, isCustom(histogram)) - mean;
    squares.add(bucket.count * distance * distance);
  }
  return squares.value / histogram.count;
}

/** The arithmetic mean of a custom bucket's bounds, the geometric mean of an exponential one's, 0 in the zero bucket. */
function middleOf({ lower, upper }: Bucket, custom: boolean): number {
  if (custom) return (lower + upper) / 2;
  if (lower <= 0 && upper >= 0) return 0;
  const middle = Math.sqrt(upper * lower);
  return upper < 0 ? -middle : middle;
}
