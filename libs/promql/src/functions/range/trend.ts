import type { RangeFunction } from './range-function.ts';

/** The slope of the best straight line, per second. */
export const deriv: RangeFunction = ({ samples: { t, v }, from, to }, row) => {
  for (let k = 0; k < from.length; k++) {
    if (to[k]! - from[k]! < 2) continue;
    fitLine(t, v, from[k]!, to[k]!, t[from[k]!]!);
    row.put(k, line.slope);
  }
};

/** The best straight line, looked at args[0] seconds after the evaluation time. */
export const predictLinear: RangeFunction = ({ samples: { t, v }, from, to, times, args }, row) => {
  for (let k = 0; k < from.length; k++) {
    if (to[k]! - from[k]! < 2) continue;
    fitLine(t, v, from[k]!, to[k]!, times[k]!);
    row.put(k, line.slope * args[0]![k]! + line.intercept);
  }
};

/** The answer of `fitLine`: per second, and at the origin. */
const line = { slope: 0, intercept: 0 };

/**
 * Least squares over a window of at least two samples. Times are whole milliseconds from the origin, whose sums need
 * no compensation; sums with values carry along what rounding loses (as kahan.ts does, written out for speed), which of
 * a sum that overflows has no name.
 */
function fitLine(t: Float64Array, v: Float64Array, from: number, to: number, origin: number): void {
  const first = v[from]!;
  let constant = true;
  let x = 0;
  let xx = 0;
  let y = 0;
  let yError = 0;
  let xy = 0;
  let xyError = 0;
  for (let i = from; i < to; i++) {
    const value = v[i]!;
    const time = t[i]! - origin;
    if (value !== first) constant = false;
    x += time;
    xx += time * time;
    const sum = y + value;
    const grown = sum - y;
    yError += y - (sum - grown) + (value - grown);
    y = sum;
    const product = time * value;
    const sumXy = xy + product;
    const grownXy = sumXy - xy;
    xyError += xy - (sumXy - grownXy) + (product - grownXy);
    xy = sumXy;
  }
  const n = to - from;
  if (Number.isFinite(y)) y += yError;
  if (Number.isFinite(xy)) xy += xyError;
  const slope = (xy - (x * y) / n) / (xx - (x * x) / n);
  line.slope = constant ? 0 : slope * 1000;
  line.intercept = constant ? first : y / n - (slope * x) / n;
  // A constant infinity has no slope either.
  if (constant && !Number.isFinite(first)) line.slope = line.intercept = NaN;
}
