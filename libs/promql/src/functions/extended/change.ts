import {
  addHistograms,
  compactHistogram,
  type FloatHistogram,
  isCounterReset,
  isCustom,
} from '@paddlewatch/model';
import type { SampleBuffer } from '../../sample-buffer.ts';
import { differenceOf } from '../histogram/rate.ts';
import { mixedSchemas, type Notes, notCounter, notGauge, reconciled } from '../histogram/window.ts';
import { interpolateFloats, interpolateHistograms } from './interpolate.ts';
import { type Edge, type ExtendedSpan, lastSample } from './span.ts';

/** The change of floats from edge to edge; a counter's falls in between are made good. */
export function floatChange(
  { v }: SampleBuffer,
  { left, right, from, to }: ExtendedSpan,
  counter: boolean,
): number {
  const at = ({ place, share }: Edge) =>
    share === 0 ? v[place]! : interpolateFloats(v[place]!, v[place + 1]!, share, counter);
  const start = at(left);
  const end = at(right);
  let change = end - start;
  if (!counter) return change;
  let before = start;
  for (let i = from; i < to; i++) {
    if (v[i]! < before) change += before;
    before = v[i]!;
  }
  return end < before ? change + before : change;
}

/** The same of histograms; undefined where they do not go together. All samples of the span are histograms. */
export function histogramChange(
  { histograms }: SampleBuffer,
  span: ExtendedSpan,
  counter: boolean,
  notes: Notes,
): FloatHistogram | undefined {
  const h = histograms as readonly FloatHistogram[];
  const { left, right, from, to } = span;
  if (!goTogether(h.slice(left.place, lastSample(span) + 1), counter, notes)) return undefined;
  const start = histogramAt(h, left, counter, notes);
  const end = start && histogramAt(h, right, counter, notes);
  if (!start || !end) return undefined;
  if (!counter && (start.hint !== 'gauge' || end.hint !== 'gauge')) notes.warn(notGauge);
  const difference = differenceOf(end, start, notes);
  if (!difference) return undefined;
  // An interpolated start has already made good a reset on the way to the next sample.
  const path = left.share > 0 ? h.slice(from, to) : [start, ...h.slice(from, to)];
  if (right.place >= from || left.share === 0) path.push(end);
  const change = counter ? withResets(difference, path, notes) : difference;
  return change && { ...compactHistogram(change), hint: 'gauge' };
}

/** Whether all have exponential buckets or all have custom ones; a counter is told of gauges up to where that ends. */
function goTogether(histograms: readonly FloatHistogram[], counter: boolean, notes: Notes): boolean {
  for (const histogram of histograms) {
    if (isCustom(histogram) !== isCustom(histograms[0]!)) {
      notes.warn(mixedSchemas);
      return false;
    }
    if (counter && histogram.hint === 'gauge') notes.warn(notCounter);
  }
  return true;
}

function histogramAt(
  h: readonly FloatHistogram[],
  { place, share }: Edge,
  counter: boolean,
  notes: Notes,
): FloatHistogram | undefined {
  return share === 0 ? h[place]! : interpolateHistograms(h[place]!, h[place + 1]!, share, counter, notes);
}

/** Adds what a counter had reached each time it began anew. */
function withResets(
  change: FloatHistogram,
  path: readonly FloatHistogram[],
  notes: Notes,
): FloatHistogram | undefined {
  let total = change;
  for (let i = 1; i < path.length; i++) {
    const [before, now] = [path[i - 1]!, path[i]!];
    if (!isCounterReset(before, now)) continue;
    const sum = addHistograms(total, before);
    if (!sum) {
      notes.warn(mixedSchemas);
      return undefined;
    }
    if (sum.boundsReduced) notes.info(reconciled('addition'));
    total = sum.histogram;
  }
  return total;
}
