import type { FloatHistogram } from '@paddlewatch/model';
import { histogramsEqual, isCounterReset } from '@paddlewatch/model';
import { HistogramSum } from './sum.ts';
import type { Answer, MixedWindow, Notes } from './window.ts';

export const histogramSumOverTime = (window: MixedWindow, notes: Notes): Answer => fold(window, false, notes);
export const histogramAvgOverTime = (window: MixedWindow, notes: Notes): Answer => fold(window, true, notes);

function fold({ h, from, to }: MixedWindow, average: boolean, notes: Notes): Answer {
  const sum = new HistogramSum(average);
  for (let i = from; i < to; i++) sum.add(h[i] as FloatHistogram, notes);
  return sum.result(notes);
}

export const mixedCount = ({ from, to }: MixedWindow): Answer => to - from;
export const mixedPresent = (): Answer => 1;
export const mixedFirst = ({ v, h, from }: MixedWindow): Answer => h[from] ?? v[from]!;
export const mixedLast = ({ v, h, to }: MixedWindow): Answer => h[to - 1] ?? v[to - 1]!;
export const mixedTimeOfFirst = ({ t, from }: MixedWindow): Answer => t[from]! / 1000;
export const mixedTimeOfLast = ({ t, to }: MixedWindow): Answer => t[to - 1]! / 1000;

/** How often a sample differs from the one before; a float never equals a histogram. */
export function mixedChanges({ v, h, from, to }: MixedWindow): Answer {
  let changes = 0;
  for (let i = from + 1; i < to; i++) {
    const [before, now] = [h[i - 1], h[i]];
    if (before && now) changes += histogramsEqual(before, now) ? 0 : 1;
    else if (before || now) changes++;
    else if (v[i] !== v[i - 1] && !(v[i] !== v[i] && v[i - 1] !== v[i - 1])) changes++;
  }
  return changes;
}

/** How often a counter began anew; turning from float to histogram or back is a beginning. */
export function mixedResets({ v, h, from, to }: MixedWindow): Answer {
  let resets = 0;
  for (let i = from + 1; i < to; i++) {
    const [before, now] = [h[i - 1], h[i]];
    if (before && now) resets += isCounterReset(before, now) ? 1 : 0;
    else if (before || now || v[i]! < v[i - 1]!) resets++;
  }
  return resets;
}
