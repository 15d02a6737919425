import {
  addHistograms,
  type FloatHistogram,
  isCounterReset,
  scaleHistogram,
  subtractHistograms,
} from '@paddlewatch/model';

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
): FloatHistogram | undefined {
  const difference = subtractHistograms(after, before);
  if (!difference) return undefined;
  if (counter && isCounterReset(before, after)) return { ...scaleHistogram(after, share), hint: 'reset' };
  const sum = addHistograms(before, scaleHistogram(difference.histogram, share))!.histogram;
  return { ...sum, hint: before.hint === 'gauge' && after.hint === 'gauge' ? 'gauge' : 'unknown' };
}
