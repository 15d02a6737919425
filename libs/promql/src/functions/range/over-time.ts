import { KahanSum, meanOf, sumOf } from '../../kahan.ts';
import { quantileOf } from '../../quantile.ts';
import { eachWindow, type RangeFunction } from './range-function.ts';
import { isTame, overlaps, slideExtreme, slideSum } from './slide.ts';

const sumEach = eachWindow(sumOf);
const meanEach = eachWindow(meanOf);

export const sumOverTime: RangeFunction = (windows, row) =>
  overlaps(windows) && isTame(windows) ? slideSum(windows, row) : sumEach(windows, row);

export const avgOverTime: RangeFunction = (windows, row) => {
  if (!overlaps(windows) || !isTame(windows)) return meanEach(windows, row);
  slideSum(windows, row);
  const { from, to } = windows;
  for (let k = 0; k < from.length; k++) if (row.has[k] === 1) row.v[k]! /= to[k]! - from[k]!;
};

const larger = (a: number, b: number) => a > b || b !== b;
const smaller = (a: number, b: number) => a < b || b !== b;

const maxEach = eachWindow((v, from, to) => extreme(v, from, to, larger));
const minEach = eachWindow((v, from, to) => extreme(v, from, to, smaller));

function extreme(v: Float64Array, from: number, to: number, wins: (a: number, b: number) => boolean): number {
  let best = v[from]!;
  for (let i = from + 1; i < to; i++) if (wins(v[i]!, best)) best = v[i]!;
  return best;
}

export const maxOverTime: RangeFunction = (windows, row) =>
  overlaps(windows) ? slideExtreme(windows, row, larger) : maxEach(windows, row);

export const minOverTime: RangeFunction = (windows, row) =>
  overlaps(windows) ? slideExtreme(windows, row, smaller) : minEach(windows, row);

export const countOverTime = eachWindow((_, from, to) => to - from);
export const presentOverTime = eachWindow(() => 1);
export const firstOverTime = eachWindow((v, from) => v[from]!);
export const lastOverTime = eachWindow((v, _, to) => v[to - 1]!);

export const stdvarOverTime = eachWindow(variance);
export const stddevOverTime = eachWindow((v, from, to) => Math.sqrt(variance(v, from, to)));

/** Welford's method, which needs no difference of large sums; what its additions lose is carried along. */
function variance(v: Float64Array, from: number, to: number): number {
  mean.reset();
  squares.reset();
  for (let i = from; i < to; i++) {
    const delta = v[i]! - mean.value;
    mean.add(delta / (i - from + 1));
    squares.add(delta * (v[i]! - mean.value));
  }
  return squares.value / (to - from);
}

const mean = new KahanSum();
const squares = new KahanSum();

export const quantileOverTime: RangeFunction = ({ samples, from, to, args }, row) => {
  const q = args[0]!;
  for (let k = 0; k < from.length; k++)
    if (to[k]! > from[k]!) row.put(k, quantileOf(q[k]!, samples.v.slice(from[k]!, to[k]!)));
};

/** The median of the distances from the median; NaN where one value is NaN. */
export const madOverTime = eachWindow((v, from, to) => {
  const window = v.slice(from, to);
  if (window.includes(NaN)) return NaN;
  const median = quantileOf(0.5, window);
  for (let i = 0; i < window.length; i++) window[i] = Math.abs(window[i]! - median);
  return quantileOf(0.5, window);
});

export const tsOfFirstOverTime: RangeFunction = ({ samples: { t }, from, to }, row) => {
  for (let k = 0; k < from.length; k++) if (to[k]! > from[k]!) row.put(k, t[from[k]!]! / 1000);
};

export const tsOfLastOverTime: RangeFunction = ({ samples: { t }, from, to }, row) => {
  for (let k = 0; k < from.length; k++) if (to[k]! > from[k]!) row.put(k, t[to[k]! - 1]! / 1000);
};

export const tsOfMaxOverTime = timeOf((a, b) => a >= b || b !== b);
export const tsOfMinOverTime = timeOf((a, b) => a <= b || b !== b);

/** The time of the last sample that holds the extreme. */
function timeOf(wins: (a: number, b: number) => boolean): RangeFunction {
  return ({ samples: { t, v }, from, to }, row) => {
    for (let k = 0; k < from.length; k++) {
      if (to[k]! === from[k]!) continue;
      let best = from[k]!;
      for (let i = best + 1; i < to[k]!; i++) if (wins(v[i]!, v[best]!)) best = i;
      row.put(k, t[best]! / 1000);
    }
  };
}
