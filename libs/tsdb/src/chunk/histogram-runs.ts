import { type CounterResetHint, type FloatHistogram, isCounterReset } from '@paddlewatch/model';
import {
  encodeHistograms,
  encodingFloatHistogram,
  encodingHistogram,
  type HistogramEncoding,
  type HistogramSample,
} from './histogram.ts';
import type { HistogramLayout } from './histogram-layout.ts';

/** Larger counts are stored as floats: the change of a step of differences between them must be a whole number too. */
const largestWhole = 2 ** 50;

/** Histograms that fit one chunk: one kind, one schema, no counter reset between them. */
export interface HistogramRun {
  readonly encoding: HistogramEncoding;
  readonly hint: CounterResetHint;
  readonly samples: HistogramSample[];
}

/** Whether `next` may stand in the chunk that `first` began and `last` ended. Whole counts may stand among floats. */
export function continuesRun(
  encoding: HistogramEncoding,
  first: FloatHistogram,
  last: FloatHistogram,
  next: FloatHistogram,
): boolean {
  return (
    (encoding === encodingFloatHistogram || encodingOf(next) === encodingHistogram) &&
    first.schema === next.schema &&
    first.zeroThreshold === next.zeroThreshold &&
    first.customBounds.length === next.customBounds.length &&
    first.customBounds.every((bound, i) => bound === next.customBounds[i]) &&
    (first.hint === 'gauge') === (next.hint === 'gauge') &&
    (first.hint === 'gauge' || !isCounterReset(last, next))
  );
}

/** `before` is the histogram that came before the run in its series. */
export function hintOfRun(before: FloatHistogram | undefined, first: FloatHistogram): CounterResetHint {
  if (first.hint === 'gauge' || first.hint === 'reset') return first.hint;
  if (!before || before.hint === 'gauge') return 'unknown';
  return isCounterReset(before, first) ? 'reset' : 'notReset';
}

/** Whole counts take the smaller encoding. */
export function encodingOf({ count, zeroCount, positive, negative }: FloatHistogram): HistogramEncoding {
  const whole =
    isWhole(count) && isWhole(zeroCount) && positive.count.every(isWhole) && negative.count.every(isWhole);
  return whole ? encodingHistogram : encodingFloatHistogram;
}

function isWhole(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= largestWhole;
}

export function encodeRun({ encoding, hint, samples }: HistogramRun): Uint8Array<ArrayBuffer> {
  return encodeHistograms(encoding, layoutOf(samples.map(({ histogram }) => histogram!)), hint, samples);
}

/** The layout with the buckets of all. */
export function layoutOf(histograms: readonly FloatHistogram[]): HistogramLayout {
  const { zeroThreshold, schema, customBounds } = histograms[0]!;
  return {
    zeroThreshold,
    schema,
    customBounds,
    positive: allIndexes(histograms, 'positive'),
    negative: allIndexes(histograms, 'negative'),
  };
}

/** Whether a layout has a place for each bucket of a histogram of its schema. */
export function covers(layout: HistogramLayout, histogram: FloatHistogram): boolean {
  return (['positive', 'negative'] as const).every((side) => isSubset(histogram[side].index, layout[side]));
}

function isSubset(part: Int32Array, whole: Int32Array): boolean {
  let at = 0;
  for (const index of part) {
    while (at < whole.length && whole[at]! < index) at++;
    if (whole[at] !== index) return false;
  }
  return true;
}

function allIndexes(histograms: readonly FloatHistogram[], side: 'positive' | 'negative'): Int32Array {
  const indexes = new Set<number>();
  for (const histogram of histograms) for (const index of histogram[side].index) indexes.add(index);
  return Int32Array.from(indexes).sort();
}
