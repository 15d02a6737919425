import { goFloat } from '../number-text.ts';
import type { Bucket } from './bounds.ts';
import { negativeBuckets, positiveBuckets, zeroBucket } from './bounds.ts';
import type { FloatHistogram } from './histogram.ts';

/** As Prometheus prints it: `{count:3, sum:5, [-1,-0.5):1, [-0.001,0.001]:1, (0.5,1]:1}`, empty buckets left out. */
export function formatHistogram(histogram: FloatHistogram): string {
  const buckets: Bucket[] = [...negativeBuckets(histogram)].reverse();
  buckets.push(zeroBucket(histogram), ...positiveBuckets(histogram));
  const shown = buckets.filter((bucket) => bucket.count !== 0).map(formatBucket);
  return `{${[`count:${goFloat(histogram.count)}`, `sum:${goFloat(histogram.sum)}`, ...shown].join(', ')}}`;
}

function formatBucket({ lower, upper, lowerInclusive, upperInclusive, count }: Bucket): string {
  const open = lowerInclusive ? '[' : '(';
  const close = upperInclusive ? ']' : ')';
  return `${open}${goFloat(lower)},${goFloat(upper)}${close}:${goFloat(count)}`;
}
