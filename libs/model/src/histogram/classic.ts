import { bucketsFrom, withoutEmpty } from './buckets.ts';
import { customSchema, type FloatHistogram, histogramOf } from './histogram.ts';

/** One series of a classic histogram: how many observations were ≤ `le`. */
export interface ClassicBucket {
  readonly le: number;
  readonly cumulative: number;
}

/**
 * A custom-bucket histogram of the same observations. Buckets in any order; a count below that of a lower bucket is
 * raised to it. Without a count of its own the histogram has that of the highest bucket.
 */
export function fromClassic(
  buckets: readonly ClassicBucket[],
  count: number | undefined,
  sum: number,
): FloatHistogram {
  const rising = [...buckets].sort((a, b) => a.le - b.le);
  const bounds = rising.filter(({ le }) => le !== Infinity).map(({ le }) => le);
  const total = count ?? rising.at(-1)?.cumulative ?? 0;
  const counts: number[] = [];
  let below = 0;
  for (const { le, cumulative } of rising) {
    if (le === Infinity) continue;
    counts.push(Math.max(cumulative - below, 0));
    below = Math.max(below, cumulative);
  }
  counts.push(Math.max(total - below, 0));
  return histogramOf({
    schema: customSchema,
    count: total,
    sum,
    customBounds: bounds,
    positive: withoutEmpty(bucketsFrom(0, counts)),
  });
}
