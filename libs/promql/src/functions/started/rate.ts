import { divideHistogram, type FloatHistogram, scaleHistogram, subtractHistograms } from '@paddlewatch/model';
import { reachInto } from '../gap.ts';
import { changeOf, emptyLike } from '../histogram/rate.ts';
import {
  type Answer,
  type MixedWindow,
  mixedKinds,
  type Notes,
  notCounter,
  overlappingStarts,
} from '../histogram/window.ts';
import { beginsAnew, overlaps } from './starts.ts';

export const startedRate = (window: MixedWindow, notes: Notes): Answer =>
  extrapolated(window, 1000 / window.range, notes);
export const startedIncrease = (window: MixedWindow, notes: Notes): Answer => extrapolated(window, 1, notes);

/**
 * The increase over a window of a counter that knows when it began: there it stood at zero, so that nothing has to be
 * guessed on the left where that lies in the window.
 */
function extrapolated(window: MixedWindow, scale: number, notes: Notes): Answer {
  const { t, h, starts, from, to, end, range } = window;
  const histograms = h.slice(from, to).filter((histogram) => histogram !== undefined);
  if (histograms.length > 0 && histograms.length < to - from) {
    notes.warn(mixedKinds);
    return undefined;
  }
  for (let i = from + 1; i < to; i++) if (overlaps(window, i)) notes.warn(overlappingStarts);
  const start = starts[from];
  const zero = start !== undefined && start > end - range && start < t[from]! ? start : undefined;
  if (to - from < 2 && zero === undefined) return undefined;
  const fromZero = zero !== undefined;
  const change =
    histograms.length > 0
      ? histogramIncrease(window, histograms, fromZero, notes)
      : floatIncrease(window, fromZero);
  if (change === undefined) return undefined;
  const factor = stretch(window, zero, change) * scale;
  return typeof change === 'number' ? change * factor : scaleHistogram(change, factor);
}

function floatIncrease(window: MixedWindow, fromZero: boolean): number {
  const { v, from, to } = window;
  let change = v[to - 1]! - (fromZero ? 0 : v[from]!);
  for (let i = from + 1; i < to; i++) if (beginsAnew(window, i)) change += v[i - 1]!;
  return change;
}

function histogramIncrease(
  window: MixedWindow,
  histograms: FloatHistogram[],
  fromZero: boolean,
  notes: Notes,
): FloatHistogram | undefined {
  if (!fromZero) return changeOf(histograms, true, notes, (i) => beginsAnew(window, window.from + i));
  const path = [{ ...emptyLike(histograms[0]!), zeroThreshold: histograms[0]!.zeroThreshold }, ...histograms];
  return changeOf(path, true, notes, (i) => i > 1 && beginsAnew(window, window.from + i - 1));
}

/** How much longer the window is, as far as the series seems to reach, than what its samples cover. */
function stretch(
  { t, v, h, from, to, end, range }: MixedWindow,
  zero: number | undefined,
  change: number | FloatHistogram,
): number {
  const first = zero ?? t[from]!;
  const last = t[to - 1]!;
  const covered = (last - first) / 1000;
  const interval = to - from > 1 ? (last - t[from]!) / 1000 / (to - from - 1) : 0;
  const after = reachInto((end - last) / 1000, interval);
  if (zero !== undefined) return (covered + after) / covered;
  let before = reachInto((first - (end - range)) / 1000, interval);
  const size = typeof change === 'number' ? change : change.count;
  const initial = h[from]?.count ?? v[from]!;
  if (size > 0 && initial >= 0) before = Math.min(before, covered * (initial / size));
  return (covered + before + after) / covered;
}

/** The rate between the last two samples. */
export function startedIrate(window: MixedWindow, notes: Notes): Answer {
  const { t, v, h, from, to } = window;
  const last = to - 1;
  if (last <= from) return undefined;
  const seconds = (t[last]! - t[last - 1]!) / 1000;
  const [before, now] = [h[last - 1], h[last]];
  const anew = beginsAnew(window, last);
  if (!before && !now) return (anew ? v[last]! : v[last]! - v[last - 1]!) / seconds;
  if (!before || !now) {
    notes.warn(mixedKinds);
    return undefined;
  }
  if (before.hint === 'gauge' || now.hint === 'gauge') notes.warn(notCounter);
  const change = anew ? now : subtractHistograms(now, before)?.histogram;
  return change && divideHistogram({ ...change, hint: 'gauge' }, seconds);
}

/** How often a counter began anew; turning from float to histogram or back is a beginning. */
export function startedResets(window: MixedWindow): Answer {
  let resets = 0;
  for (let i = window.from + 1; i < window.to; i++) {
    const turned = (window.h[i] === undefined) !== (window.h[i - 1] === undefined);
    if (turned || beginsAnew(window, i)) resets++;
  }
  return resets;
}
