import type { RangeFunction } from './range-function.ts';

let counts = new Int32Array(256);

/** Differs from the value before; two NaN do not differ. */
export const changes = countPairs((before, now) => now !== before && (now === now || before === before));
/** Fell below the value before. */
export const resets = countPairs((before, now) => now < before);

/** Counts neighbours inside each window that fit, by the difference of two running counts. */
function countPairs(fits: (before: number, now: number) => boolean): RangeFunction {
  return ({ samples: { v, length }, from, to }, row) => {
    if (counts.length < length) counts = new Int32Array(length * 2);
    let count = 0;
    for (let i = 0; i < length; i++) {
      if (i > 0 && fits(v[i - 1]!, v[i]!)) count++;
      counts[i] = count;
    }
    for (let k = 0; k < from.length; k++)
      if (to[k]! > from[k]!) row.put(k, counts[to[k]! - 1]! - counts[from[k]!]!);
  };
}
