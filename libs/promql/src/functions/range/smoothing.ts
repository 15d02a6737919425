import { goFloat } from '@paddlewatch/model';
import { QueryError } from '../../query-error.ts';
import type { RangeFunction } from './range-function.ts';

/** Holt's linear method: args are the smoothing factor of the level and that of the trend. */
export const doubleExponentialSmoothing: RangeFunction = ({ samples: { v }, from, to, args }, row) => {
  for (let k = 0; k < from.length; k++) {
    if (to[k] === from[k]) continue;
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

/** NaN passes, and makes the result NaN. */
function checkFactor(which: string, factor: number): void {
  if (factor <= 0 || factor >= 1) {
    const shown = Number.isFinite(factor) ? factor.toFixed(6) : goFloat(factor);
    throw new QueryError(`invalid ${which} factor. Expected: 0 < ${which[0]}f < 1, got: ${shown}`);
  }
}
