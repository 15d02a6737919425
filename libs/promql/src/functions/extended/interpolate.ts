import {
  addHistograms,
  type FloatHistogram,
  isCounterReset,
  isCustom,
  scaleHistogram,
  subtractHistograms,
} from '@paddlewatch/model';
import { mixedSchemas, type Notes, reconciled } from '../histogram/window.ts';

/**
 * The value at a share of the way between two floats. A counter that fell in between is taken to have begun anew at
 * zero right after the first.
 */
export function interpolateFloats(before: number, after: number, share: number, counter: boolean): number {
  const start = counter && after < before ? 0 : before;
  return start + (after - start) * share;
}

/** The same between two histograms; undefined where one has custom buckets and the other has not. */
export function interpolateHistograms(
  before: FloatHistogram,
  after: FloatHistogram,
  share: number,
  counter: boolean,
  notes: Notes,
): FloatHistogram | undefined {
  if (isCustom(before) !== isCustom(after)) {
    notes.warn(mixedSchemas);
    return undefined;
  }
  if (counter && isCounterReset(before, after)) return scaleHistogram(after, share);
  const difference = subtractHistograms(after, before)!;
  if (difference.boundsReduced) notes.info(reconciled('subtraction'));
  const sum = addHistograms(scaleHistogram(difference.histogram, share), before)!;
  if (sum.boundsReduced) notes.info(reconciled('addition'));
  return sum.histogram;
}
