import { type CounterResetHint, type FloatHistogram, isCounterReset } from '@paddlewatch/model';
import {
  encodeHistograms,
  encodingFloatHistogram,
  encodingHistogram,
  type HistogramEncoding,
  type HistogramSample,
} from './histogram.ts';
import type { HistogramLayout } from './histogram-layout.ts';

/** Histograms that fit one chunk: one kind, one schema, no counter reset between them. */
export interface HistogramRun {
  readonly encoding: HistogramEncoding;
  readonly hint: CounterResetHint;
  readonly samples: HistogramSample[];
}

/** Whether `next` may stand in the chunk that `first` began and `last` ended. */
export function continuesRun(first: FloatHistogram, last: FloatHistogram, next: FloatHistogram): boolean {
  return (
    encodingOf(first) === encodingOf(next) &&
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
    Number.isSafeInteger(count) &&
    Number.isSafeInteger(zeroCount) &&
    positive.count.every(Number.isSafeInteger) &&
    negative.count.every(Number.isSafeInteger);
  return whole ? encodingHistogram : encodingFloatHistogram;
}

export function encodeRun({ encoding, hint, samples }: HistogramRun): Uint8Array<ArrayBuffer> {
  return encodeHistograms(encoding, layoutOf(samples.map(({ histogram }) => histogram!)), hint, samples);
}

/** The buckets of all. */
function layoutOf(histograms: readonly FloatHistogram[]): HistogramLayout {
  const { zeroThreshold, schema, customBounds } = histograms[0]!;
  return {
    zeroThreshold,
    schema,
    customBounds,
    positive: allIndexes(histograms, 'positive'),
    negative: allIndexes(histograms, 'negative'),
  };
}

function allIndexes(histograms: readonly FloatHistogram[], side: 'positive' | 'negative'): Int32Array {
  const indexes = new Set<number>();
  for (const histogram of histograms) for (const index of histogram[side].index) indexes.add(index);
  return Int32Array.from(indexes).sort();
}
