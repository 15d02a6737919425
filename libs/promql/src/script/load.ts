import {
  type ClassicBucket,
  type FloatHistogram,
  fromClassic,
  isCounterReset,
  type Labels,
  labelsKey,
  labelValue,
  metricName,
  parseValue,
  withLabel,
  withoutLabels,
} from '@paddlewatch/model';
import type { MemoryStorage } from '../memory-storage.ts';
import type { SampleBuffer } from '../sample-buffer.ts';
import type { Load } from './script.ts';

/** Writes what a load command describes, from the epoch on. */
export function load({ step, series, withCustomHistograms }: Load, storage: MemoryStorage): void {
  // Of a series that one command names twice, the last line counts.
  const last = new Map(series.map((described) => [labelsKey(described.labels), described]));
  for (const { labels, values, startTimes } of last.values()) {
    const samples = storage.series(labels);
    for (const [i, value] of values.entries()) {
      const t = i * step;
      if (value.kind === 'blank' || isPast(samples, t)) continue;
      if (value.kind === 'stale') samples.pushStale(t);
      else if (value.kind === 'float') samples.push(t, value.value);
      else pushHistogram(samples, t, value.value);
      const distance = startTimes[i];
      if (distance !== undefined && t + distance !== 0) samples.start(t + distance);
    }
  }
  if (withCustomHistograms) loadCustomHistograms(series, step, storage);
}

/** A classic histogram at one time. */
interface Classic {
  readonly buckets: ClassicBucket[];
  count: number | undefined;
  sum: number;
}

/** The classic histograms among the series once more, each as one custom-bucket histogram without `le`. */
function loadCustomHistograms(series: Load['series'], step: number, storage: MemoryStorage): void {
  const collected = new Map<string, { labels: Labels; byPlace: Map<number, Classic> }>();
  for (const { labels, values } of series) {
    const [, base, part] = /^(.*)_(bucket|sum|count)$/.exec(labelValue(labels, metricName)) ?? [];
    const le = parseValue(labelValue(labels, 'le'));
    if (base === undefined || (part === 'bucket' && (le === undefined || Number.isNaN(le)))) continue;
    const whole = withLabel(withoutLabels(labels, new Set(['le'])), metricName, base);
    const entry = collected.get(labelsKey(whole)) ?? { labels: whole, byPlace: new Map<number, Classic>() };
    collected.set(labelsKey(whole), entry);
    for (const [place, value] of values.entries()) {
      if (value.kind !== 'float') continue;
      const classic = entry.byPlace.get(place) ?? { buckets: [], count: undefined, sum: 0 };
      entry.byPlace.set(place, classic);
      if (part === 'sum') classic.sum = value.value;
      else if (part === 'count') classic.count = value.value;
      else if (!classic.buckets.some((bucket) => bucket.le === le))
        classic.buckets.push({ le: le!, cumulative: value.value });
    }
  }
  for (const { labels, byPlace } of collected.values()) {
    const samples = storage.series(labels);
    for (const [place, { buckets, count, sum }] of [...byPlace].sort(([a], [b]) => a - b))
      if (!isPast(samples, place * step))
        pushHistogram(samples, place * step, fromClassic(buckets, count, sum));
  }
}

/** Times rise in a storage: what is loaded once more for the same time is refused. */
function isPast({ t, length }: SampleBuffer, time: number): boolean {
  return length > 0 && t[length - 1]! >= time;
}

function pushHistogram(samples: SampleBuffer, t: number, histogram: FloatHistogram): void {
  samples.pushHistogram(t, {
    ...histogram,
    hint: storedHint(histogram, samples.histograms[samples.length - 1]),
  });
}

/**
 * A counter's hint as a storage gives it: known where the counter went on from the sample before, else for the
 * reader to find out. Gauges stay what they are.
 */
function storedHint(histogram: FloatHistogram, before: FloatHistogram | undefined): FloatHistogram['hint'] {
  if (histogram.hint === 'gauge') return 'gauge';
  if (!before || before.hint === 'gauge' || histogram.hint === 'reset') return 'unknown';
  const sameLayout = before.schema === histogram.schema && before.zeroThreshold === histogram.zeroThreshold;
  return sameLayout && !isCounterReset(before, { ...histogram, hint: 'unknown' }) ? 'notReset' : 'unknown';
}
