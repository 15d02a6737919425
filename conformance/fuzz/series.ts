import { formatLabels, formatValue, labelsFrom, metricName } from '@paddlewatch/model';
import { MemoryStorage } from '@paddlewatch/promql';
import type { Random } from './random.ts';

/** Whole minutes since the epoch, so that queries can stay off the grid of the samples. */
export const dataStart = 1_700_000_040_000;
export const dataMinutes = 60;
const interval = 15_000;
const count = (dataMinutes * 60_000) / interval;

interface Series {
  readonly labels: Record<string, string>;
  /** By place, one interval apart; undefined where there is no sample. */
  readonly values: readonly (number | undefined)[];
  /** Distance of the samples from whole seconds, ms: no window of whole seconds ends on one. */
  readonly phase: number;
}

/** Counters with resets, counters with gaps, gauges with NaN and infinities, and classic histograms. */
export function randomSeries(random: Random): Series[] {
  const series: Series[] = [];
  const add = (labels: Record<string, string>, values: (number | undefined)[]) =>
    series.push({ labels, values, phase: 337 + random.below(14_000) });
  for (const pod of ['a', 'b', 'c', 'd']) {
    for (const code of ['200', '404', '500']) {
      add({ [metricName]: 'requests_total', pod, code, zone: pod < 'c' ? 'x' : 'y' }, counter(random, false));
      if (code !== '404')
        add({ [metricName]: 'errors_total', pod, code, zone: pod < 'c' ? 'x' : 'y' }, counter(random, true));
    }
    add({ [metricName]: 'depth', pod, zone: pod < 'c' ? 'x' : 'y' }, gauge(random, 0));
    add({ [metricName]: 'temperature', pod }, gauge(random, 0.05));
    if (pod !== 'd') add({ [metricName]: 'build', pod, version: `v${pod}` }, new Array(count).fill(1));
  }
  for (const pod of ['a', 'b'])
    for (const [le, values] of buckets(random)) add({ [metricName]: 'latency_bucket', pod, le }, values);
  return series;
}

/** A counter either restarts now and then, or misses samples now and then: both at once differ between versions. */
function counter(random: Random, gaps: boolean): (number | undefined)[] {
  let value = 100_000 + random.below(1000);
  let missing = 0;
  return Array.from({ length: count }, () => {
    value += random.chance(0.3) ? 0 : random.next() * 20;
    if (!gaps && random.chance(0.02)) value = random.next() * 3;
    if (gaps && missing === 0 && random.chance(0.03)) missing = 1 + random.below(30);
    if (missing > 0) missing--;
    return missing > 0 ? undefined : value;
  });
}

function gauge(random: Random, strange: number): (number | undefined)[] {
  return Array.from({ length: count }, () => {
    if (random.chance(strange)) return random.pick([NaN, Infinity, -Infinity, 0, undefined]);
    return (random.next() - 0.3) * 100;
  });
}

function buckets(random: Random): [le: string, values: number[]][] {
  const bounds = ['0.1', '0.5', '1', '5', '+Inf'];
  const sums = bounds.map((_, b) => 100_000 * (b + 1));
  const rows = bounds.map((): number[] => []);
  for (let i = 0; i < count; i++) {
    let below = 0;
    bounds.forEach((_, b) => {
      below += random.below(4);
      sums[b]! += below;
      rows[b]!.push(sums[b]!);
    });
  }
  return bounds.map((le, b) => [le, rows[b]!]);
}

export function store(series: readonly Series[]): MemoryStorage {
  const storage = new MemoryStorage();
  for (const { labels, values, phase } of series) {
    const samples = storage.series(labelsFrom(labels));
    values.forEach((value, i) => {
      if (value !== undefined) samples.push(dataStart + phase + i * interval, value);
    });
  }
  return storage;
}

/** For promtool's create-blocks-from openmetrics. */
export function openMetrics(series: readonly Series[]): string {
  const lines: string[] = [];
  for (const { labels, values, phase } of series)
    values.forEach((value, i) => {
      if (value === undefined) return;
      const seconds = (dataStart + phase + i * interval) / 1000;
      lines.push(
        `${formatLabels(labelsFrom(labels)).replaceAll(', ', ',')} ${formatValue(value)} ${seconds.toFixed(3)}`,
      );
    });
  return `${lines.join('\n')}\n# EOF\n`;
}
