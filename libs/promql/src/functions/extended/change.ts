import { addHistograms, compactHistogram, type FloatHistogram, isCounterReset } from '@paddlewatch/model';
import type { SampleBuffer } from '../../sample-buffer.ts';
import { differenceOf, remarkHints } from '../histogram/rate.ts';
import { mixedSchemas, type Notes, reconciled } from '../histogram/window.ts';
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
  remarkHints(h.slice(left.place, lastSample(span) + 1), counter, notes);
  const start = histogramAt(h, left, counter);
  const end = histogramAt(h, right, counter);
  const difference = start && end && differenceOf(end, start, notes);
  if (!difference) {
    if (!start || !end) notes.warn(mixedSchemas);
    return undefined;
  }
  // An interpolated start has already made good a reset on the way to the next sample.
  const path = left.share > 0 ? h.slice(from, to) : [start, ...h.slice(from, to)];
  if (right.place >= from || left.share === 0) path.push(end);
  const change = counter ? withResets(difference, path, notes) : difference;
  return change && { ...compactHistogram(change), hint: 'gauge' };
}

function histogramAt(
  h: readonly FloatHistogram[],
  { place, share }: Edge,
  counter: boolean,
): FloatHistogram | undefined {
  return share === 0 ? h[place]! : interpolateHistograms(h[place]!, h[place + 1]!, share, counter);
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
