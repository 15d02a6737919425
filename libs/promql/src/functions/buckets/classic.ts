/**
 * A classic histogram at one step: cumulative counts by upper bound, bounds rising. The arrays are longer than the
 * histogram and are worked on in place.
 */
export interface ClassicHistogram {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  length: number;
}

/** Relative differences up to this between neighbours come from rounding, not from observations. */
const rounding = 1e-12;

export interface Quantile {
  value: number;
  /** Counts fell with rising bounds and had to be lifted: at which bounds, and by how much at most. */
  forced: boolean;
  lowest: number;
  highest: number;
  most: number;
}

/**
 * The q-quantile, linear within a bucket; the lowest bucket starts at 0 unless its bound is below, and the highest
 * has no width. The answer is written to `out`.
 */
export function classicQuantile(q: number, histogram: ClassicHistogram, out: Quantile): void {
  out.forced = false;
  if (q !== q || q < 0 || q > 1) {
    out.value = q < 0 ? -Infinity : q > 1 ? Infinity : NaN;
    return;
  }
  out.value = NaN;
  const { bounds, counts } = histogram;
  if (bounds[histogram.length - 1] !== Infinity) return;
  joinEqualBounds(histogram);
  const highest = histogram.length - 1;
  if (highest < 1) return;
  smooth(histogram, out);
  const observations = counts[highest]!;
  if (observations === 0) return;
  let rank = q * observations;
  const at = firstReaching(counts, highest, rank);
  if (at === highest) out.value = bounds[highest - 1]!;
  else if (at === 0 && bounds[0]! <= 0) out.value = bounds[0]!;
  else {
    const start = at === 0 ? 0 : bounds[at - 1]!;
    const below = at === 0 ? 0 : counts[at - 1]!;
    rank -= below;
    out.value = start + (bounds[at]! - start) * (rank / (counts[at]! - below));
  }
}

/** The share of observations between two values, by the same assumptions. */
export function classicFraction(lower: number, upper: number, histogram: ClassicHistogram): number {
  if (histogram.bounds[histogram.length - 1] !== Infinity) return NaN;
  joinEqualBounds(histogram);
  const count = histogram.counts[histogram.length - 1]!;
  if (count === 0 || lower !== lower || upper !== upper) return NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, histogram) - rankOf(lower, histogram)) / count;
}

/** How many observations lie below a value. */
function rankOf(value: number, { bounds, counts, length }: ClassicHistogram): number {
  const count = counts[length - 1]!;
  let below = 0;
  let start = bounds[0]! > 0 ? 0 : -Infinity;
  for (let i = 0; i < length; i++) {
    if (start >= value) return Math.min(below, count);
    const end = bounds[i]!;
    if (end > value) {
      // A bucket without a lower end is not divided.
      const share = start === -Infinity ? 1 : (value - start) / (end - start);
      return Math.min(below + (counts[i]! - below) * share, count);
    }
    below = counts[i]!;
    start = end;
  }
  return count;
}

/** Buckets whose `le` differ in text only ("1" and "1.0"). */
function joinEqualBounds(histogram: ClassicHistogram): void {
  const { bounds, counts } = histogram;
  let last = 0;
  for (let i = 1; i < histogram.length; i++) {
    if (bounds[i] === bounds[last]) counts[last]! += counts[i]!;
    else {
      last++;
      bounds[last] = bounds[i]!;
      counts[last] = counts[i]!;
    }
  }
  histogram.length = last + 1;
}

/** Makes counts rise: rounding errors silently, real falls with a word about it. */
function smooth({ bounds, counts, length }: ClassicHistogram, out: Quantile): void {
  out.lowest = Infinity;
  out.highest = -Infinity;
  out.most = 0;
  let before = counts[0]!;
  for (let i = 1; i < length; i++) {
    const now = counts[i]!;
    if (now === before) continue;
    if (Math.abs(now - before) <= rounding * (Math.abs(now) + Math.abs(before))) counts[i] = before;
    else if (now < before) {
      counts[i] = before;
      out.forced = true;
      out.lowest = Math.min(out.lowest, bounds[i]!);
      out.highest = Math.max(out.highest, bounds[i]!);
      out.most = Math.max(out.most, before - now);
    } else before = now;
  }
}

/** The first bucket below `end` whose count reaches the rank, or `end`. */
function firstReaching(counts: Float64Array, end: number, rank: number): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (counts[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}
