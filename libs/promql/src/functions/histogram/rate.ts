import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  type FloatHistogram,
  histogramOf,
  isCounterReset,
  isCustom,
  scaleHistogram,
  subtractHistograms,
  toSchema,
} from '@paddlewatch/model';
import { reachInto } from '../gap.ts';
import {
  type Answer,
  type MixedWindow,
  mixedKinds,
  mixedSchemas,
  type Notes,
  notCounter,
  notGauge,
  reconciled,
} from './window.ts';

export const histogramRate = (window: MixedWindow, notes: Notes): Answer =>
  extrapolated(window, true, 1000 / window.range, notes);
export const histogramIncrease = (window: MixedWindow, notes: Notes): Answer =>
  extrapolated(window, true, 1, notes);
export const histogramDelta = (window: MixedWindow, notes: Notes): Answer =>
  extrapolated(window, false, 1, notes);

/** The change over a window of histograms, stretched to its edges as that of floats is. */
function extrapolated(window: MixedWindow, counter: boolean, scale: number, notes: Notes): Answer {
  const { t, h, from, to } = window;
  if (to - from < 2) return undefined;
  const histograms = h.slice(from, to) as FloatHistogram[];
  const change = changeOf(histograms, counter, notes);
  if (!change) return undefined;
  const covered = (t[to - 1]! - t[from]!) / 1000;
  const interval = covered / (to - 1 - from);
  let before = reachInto((t[from]! - (window.end - window.range)) / 1000, interval);
  const after = reachInto((window.end - t[to - 1]!) / 1000, interval);
  const first = histograms[0]!.count;
  if (counter && change.count > 0 && first >= 0) before = Math.min(before, covered * (first / change.count));
  return scaleHistogram(change, ((covered + before + after) / covered) * scale);
}

/** Whether a counter began anew with the histogram at a place, after the one that it is compared with. */
type BeginsAnew = (place: number, previous: FloatHistogram) => boolean;

/** The last histogram less the first; a counter's resets are made good. Undefined where they do not go together. */
export function changeOf(
  histograms: readonly FloatHistogram[],
  counter: boolean,
  notes: Notes,
  beginsAnew: BeginsAnew = (i, previous) => isCounterReset(previous, histograms[i]!),
): FloatHistogram | undefined {
  // Where the counter was reset right after the first sample, that sample's buckets do not matter.
  const first = counter && beginsAnew(1, histograms[0]!) ? emptyLike(histograms[1]!) : histograms[0]!;
  if (remarkMixed(histograms, first, counter, notes)) return undefined;
  remarkHints(histograms, counter, notes);
  // At once to the coarsest schema: a zero bucket that grows on the way there swallows other buckets.
  const concerned = counter ? [first, ...histograms.slice(1)] : [first, histograms.at(-1)!];
  const coarsest = Math.min(...concerned.map(({ schema }) => schema));
  const difference = subtractHistograms(toSchema(histograms.at(-1)!, coarsest), first)!;
  if (difference.boundsReduced) notes.info(reconciled('subtraction'));
  let change = difference.histogram;
  for (let i = 1, previous = first; counter && i < histograms.length; i++) {
    if (beginsAnew(i, previous)) {
      const sum = addHistograms(change, previous)!;
      if (sum.boundsReduced) notes.info(reconciled('addition'));
      change = sum.histogram;
    }
    previous = histograms[i]!;
  }
  return { ...compactHistogram(change), hint: 'gauge' };
}

/**
 * Whether exponential and custom buckets meet, which has no answer. As in Prometheus, the remark stands alone, except
 * that where the last histogram is the one that differs, a counter is also told of gauges at either end.
 */
function remarkMixed(
  histograms: readonly FloatHistogram[],
  first: FloatHistogram,
  counter: boolean,
  notes: Notes,
): boolean {
  const last = histograms.at(-1)!;
  const differs = (histogram: FloatHistogram) => isCustom(histogram) !== isCustom(first);
  const atEnd = differs(last);
  const between = counter && histograms.slice(1, -1).some(differs);
  if (!atEnd && !between) return false;
  if (atEnd && counter) remarkHints([histograms[0]!, last], counter, notes);
  notes.warn(mixedSchemas);
  return true;
}

/** A histogram of the same buckets without observations. */
export function emptyLike({ schema, customBounds }: FloatHistogram): FloatHistogram {
  return histogramOf({ schema, customBounds });
}

export function remarkHints(histograms: readonly FloatHistogram[], counter: boolean, notes: Notes): void {
  const ends = [histograms[0]!, histograms.at(-1)!];
  if (counter && histograms.some(({ hint }) => hint === 'gauge')) notes.warn(notCounter);
  if (!counter && ends.some(({ hint }) => hint !== 'gauge')) notes.warn(notGauge);
}

export const mixedIrate = (window: MixedWindow, notes: Notes): Answer => instantChange(window, true, notes);
export const mixedIdelta = (window: MixedWindow, notes: Notes): Answer => instantChange(window, false, notes);

/** The change between the last two samples, floats or histograms. */
function instantChange({ t, v, h, from, to }: MixedWindow, perSecond: boolean, notes: Notes): Answer {
  const last = to - 1;
  if (last <= from) return undefined;
  const seconds = (t[last]! - t[last - 1]!) / 1000;
  const [before, now] = [h[last - 1], h[last]];
  if (!before && !now) {
    const change = perSecond && v[last]! < v[last - 1]! ? v[last]! : v[last]! - v[last - 1]!;
    return perSecond ? change / seconds : change;
  }
  if (!before || !now) {
    notes.warn(mixedKinds);
    return undefined;
  }
  if (perSecond && (before.hint === 'gauge' || now.hint === 'gauge')) notes.warn(notCounter);
  if (!perSecond && (before.hint !== 'gauge' || now.hint !== 'gauge')) notes.warn(notGauge);
  const change = perSecond && isCounterReset(before, now) ? now : differenceOf(now, before, notes);
  if (!change) return undefined;
  const gauge: FloatHistogram = { ...compactHistogram(change), hint: 'gauge' };
  return perSecond ? divideHistogram(gauge, seconds) : gauge;
}

export function differenceOf(
  now: FloatHistogram,
  before: FloatHistogram,
  notes: Notes,
): FloatHistogram | undefined {
  const difference = subtractHistograms(now, before);
  if (!difference) notes.warn(mixedSchemas);
  else if (difference.boundsReduced) notes.info(reconciled('subtraction'));
  return difference?.histogram;
}
