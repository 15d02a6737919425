import { KahanSum } from '../../kahan.ts';
import { QueryError } from '../../query-error.ts';
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

const line = { slope: 0, intercept: 0 };
const x = new KahanSum();
const y = new KahanSum();
const xy = new KahanSum();
const xx = new KahanSum();

/** Least squares over the window, x in seconds from `origin`. The answer is left in `line`. */
function fitLine(t: Float64Array, v: Float64Array, from: number, to: number, origin: number): void {
  const n = to - from;
  const first = v[from]!;
  let constant = true;
  x.reset();
  y.reset();
  xy.reset();
  xx.reset();
  for (let i = from; i < to; i++) {
    const seconds = (t[i]! - origin) / 1000;
    const value = v[i]!;
    if (value !== first) constant = false;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (constant) {
    const finite = Number.isFinite(first);
    line.slope = finite ? 0 : NaN;
    line.intercept = finite ? first : NaN;
    return;
  }
  const sumX = x.sum + x.error;
  const sumY = y.sum + y.error;
  const covariance = xy.sum + xy.error - (sumX * sumY) / n;
  const variance = xx.sum + xx.error - (sumX * sumX) / n;
  line.slope = covariance / variance;
  line.intercept = sumY / n - (line.slope * sumX) / n;
}

/** Holt's linear method: args are the smoothing factor of the level and that of the trend. */
export const doubleExponentialSmoothing: RangeFunction = ({ samples: { v }, from, to, args }, row) => {
  for (let k = 0; k < from.length; k++) {
    const level = args[0]![k]!;
    const trend = args[1]![k]!;
    checkFactor('smoothing', level);
    checkFactor('trend', trend);
    if (to[k]! - from[k]! >= 2) row.put(k, smooth(v, from[k]!, to[k]!, level, trend));
  }
};

function smooth(v: Float64Array, from: number, to: number, level: number, trend: number): number {
  let before = 0;
  let now = v[from]!;
  let slope = v[from + 1]! - v[from]!;
  for (let i = from + 1; i < to; i++) {
    if (i > from + 1) slope = trend * (now - before) + (1 - trend) * slope;
    const next = level * v[i]! + (1 - level) * (now + slope);
    before = now;
    now = next;
  }
  return now;
}

function checkFactor(which: string, factor: number): void {
  if (!(factor > 0 && factor < 1))
    throw new QueryError(
      `invalid ${which} factor. Expected: 0 < ${which[0]}f < 1, got: ${factor.toFixed(6)}`,
    );
}
