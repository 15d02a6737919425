/**
 * The q-quantile by linear interpolation between the two nearest ranks; sorts the values in place. NaN counts as the
 * smallest value; q below 0 gives −Inf, above 1 +Inf.
 */
export function quantileOf(q: number, values: Float64Array): number {
  const n = values.length;
  if (n === 0 || q !== q) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  values.sort();
  // A typed array sorts NaN to the end: rank r stands at place r − nans, below that it is NaN.
  let nans = 0;
  while (nans < n && values[n - 1 - nans]! !== values[n - 1 - nans]!) nans++;
  const rank = q * (n - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(n - 1, lower + 1);
  const weight = rank - lower;
  const low = lower < nans ? NaN : values[lower - nans]!;
  const high = upper < nans ? NaN : values[upper - nans]!;
  return low * (1 - weight) + high * weight;
}
