import { joinBuckets, mapCounts, withoutEmpty } from './buckets.ts';
import type { CounterResetHint, FloatHistogram } from './histogram.ts';
import { reconcile } from './reconcile.ts';

/** A sum or difference, and what the user should know of how it came about. */
export interface Combined {
  readonly histogram: FloatHistogram;
  /** One operand said «reset» and the other «no reset». */
  readonly hintsCollide: boolean;
  /** Custom bounds differed, and the result has only those that both share. */
  readonly boundsReduced: boolean;
}

/** a + b, or undefined where one is exponential and the other custom. */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, (left, right) => left + right);
}

/** a − b, or undefined where one is exponential and the other custom. */
export function subtractHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, (left, right) => left - right);
}

function combine(
  left: FloatHistogram,
  right: FloatHistogram,
  join: (a: number, b: number) => number,
): Combined | undefined {
  const same = reconcile(left, right);
  if (!same) return undefined;
  const { a, b, boundsReduced } = same;
  const { hint, collide } = joinHints(a.hint, b.hint);
  const histogram: FloatHistogram = {
    ...a,
    hint,
    zeroCount: join(a.zeroCount, b.zeroCount),
    count: join(a.count, b.count),
    sum: join(a.sum, b.sum),
    positive: joinBuckets(a.positive, b.positive, join),
    negative: joinBuckets(a.negative, b.negative, join),
  };
  return { histogram, hintsCollide: collide, boundsReduced };
}

/** A gauge makes the result a gauge, the unknown makes it unknown; only «reset» and «no reset» contradict each other. */
export function joinHints(
  a: CounterResetHint,
  b: CounterResetHint,
): { hint: CounterResetHint; collide: boolean } {
  if (a === b) return { hint: a, collide: false };
  if (a === 'gauge' || b === 'gauge') return { hint: 'gauge', collide: false };
  return { hint: 'unknown', collide: a !== 'unknown' && b !== 'unknown' };
}

/** Every count and the sum times a factor. A negative factor makes a gauge of it. */
export function scaleHistogram(histogram: FloatHistogram, factor: number): FloatHistogram {
  return rescale(histogram, factor, (count) => count * factor);
}

/** Every count and the sum divided. Division by zero leaves no bucket, for a bucket of Inf or NaN says nothing. */
export function divideHistogram(histogram: FloatHistogram, divisor: number): FloatHistogram {
  const divided = rescale(histogram, divisor, (count) => count / divisor);
  if (divisor !== 0) return divided;
  return { ...divided, positive: emptied(divided.positive), negative: emptied(divided.negative) };
}

function emptied({ index, count }: FloatHistogram['positive']): FloatHistogram['positive'] {
  return { index: index.subarray(0, 0), count: count.subarray(0, 0) };
}

function rescale(histogram: FloatHistogram, by: number, scale: (count: number) => number): FloatHistogram {
  return {
    ...histogram,
    hint: by < 0 ? 'gauge' : histogram.hint,
    zeroCount: scale(histogram.zeroCount),
    count: scale(histogram.count),
    sum: scale(histogram.sum),
    positive: mapCounts(histogram.positive, scale),
    negative: mapCounts(histogram.negative, scale),
  };
}

/** Without buckets that hold nothing. */
export function compactHistogram(histogram: FloatHistogram): FloatHistogram {
  const positive = withoutEmpty(histogram.positive);
  const negative = withoutEmpty(histogram.negative);
  return positive === histogram.positive && negative === histogram.negative
    ? histogram
    : { ...histogram, positive, negative };
}
