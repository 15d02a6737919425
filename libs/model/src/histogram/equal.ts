import { compactHistogram } from './arithmetic.ts';
import { sameBuckets } from './buckets.ts';
import { type FloatHistogram, sameBounds } from './histogram.ts';

/** Whether two histograms hold the same, empty buckets and hints aside. Values are equal as `same` sees it. */
export function histogramsEqual(
  a: FloatHistogram,
  b: FloatHistogram,
  same: (a: number, b: number) => boolean = Object.is,
): boolean {
  const x = compactHistogram(a);
  const y = compactHistogram(b);
  return (
    x.schema === y.schema &&
    same(x.count, y.count) &&
    same(x.sum, y.sum) &&
    x.zeroThreshold === y.zeroThreshold &&
    same(x.zeroCount, y.zeroCount) &&
    sameBounds(x.customBounds, y.customBounds) &&
    sameBuckets(x.positive, y.positive, same) &&
    sameBuckets(x.negative, y.negative, same)
  );
}
