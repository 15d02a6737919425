import {
  type ClassicBucket,
  fromClassic,
  type Labels,
  labelsKey,
  labelValue,
  metricName,
  parseValue,
  withLabel,
  withoutLabels,
} from '@paddlewatch/model';
import type { MemoryStorage } from './memory.ts';
import type { Load } from './script.ts';

/** Writes what a load command describes, from the epoch on. */
export function load({ step, series, withCustomHistograms }: Load, storage: MemoryStorage): void {
  for (const { labels, values, startTimes } of series) {
    for (const [i, value] of values.entries()) {
      const t = i * step;
      const distance = startTimes[i];
      const start = distance === undefined ? 0 : t + distance;
      if (value.kind === 'stale') storage.append(labels, t, 'stale', start);
      else if (value.kind !== 'blank') storage.append(labels, t, value.value, start);
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
  for (const { labels, byPlace } of collected.values())
    for (const [place, { buckets, count, sum }] of byPlace)
      storage.append(labels, place * step, fromClassic(buckets, count, sum));
}
