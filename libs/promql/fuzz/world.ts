import {
  bucketsFrom,
  compareLabels,
  customSchema,
  type FloatHistogram,
  formatValue,
  histogramOf,
  type Labels,
  labelsFrom,
} from '@paddlewatch/model';
import { MemoryStorage } from '../src/index.ts';
import { Random } from './random.ts';

/** One sample; a value that is undefined is a staleness marker. */
export interface Sample {
  /** Milliseconds since the epoch, never a multiple of 10: no window's border ever meets a sample. */
  readonly t: number;
  readonly v: number | undefined;
}

export interface Series {
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

/** Random series of every kind that queries must stand, ordered by labels. */
export interface World {
  readonly start: number;
  readonly end: number;
  readonly series: readonly Series[];
}

const worldStart = 1_600_000_000_000;
const worldSpan = 40 * 60_000;

export const jobs = ['api', 'batch', 'web'] as const;
export const pods = ['p1', 'p2', 'p3'] as const;
const bounds = ['0.1', '0.5', '1', '2.5', '+Inf'];

/** Metrics by what their values are. All of one kind share their label names, so that names dropped collide. */
export const metrics = {
  counters: ['requests_total', 'errors_total'],
  gauges: ['depth', 'load'],
  odd: ['odd'],
  flags: ['up', 'ready'],
  infos: ['build_info'],
  extremes: ['extreme'],
  buckets: ['latency_bucket', 'shaky_bucket'],
  /** Native ones, which only `addHistograms` brings in. */
  histograms: ['duration', 'mixed'],
} as const;

export function makeWorld(random: Random): World {
  const series: Series[] = [];
  const add = (name: string, labels: Record<string, string>, value: () => number) =>
    series.push({ labels: labelsFrom({ __name__: name, ...labels }), samples: samplesOf(random, value) });
  for (const job of jobs)
    for (const pod of pods) {
      if (random.chance(0.15)) continue;
      const of = { job, pod };
      for (const name of metrics.counters)
        for (const code of ['200', '500'])
          if (random.chance(0.8)) add(name, { ...of, code }, counter(random, name === 'requests_total'));
      for (const name of metrics.gauges) if (random.chance(0.9)) add(name, of, gauge(random));
      add('odd', of, odd(random));
      for (const name of metrics.flags) add(name, of, () => (random.chance(0.7) ? 1 : 0));
      if (random.chance(0.8)) add('build_info', { ...of, version: `v${random.whole(1, 3)}` }, () => 1);
      if (random.chance(0.5)) add('extreme', of, extreme(random));
    }
  for (const job of jobs) {
    series.push(...histogram(random, 'latency_bucket', job, false));
    series.push(...histogram(random, 'shaky_bucket', job, true));
  }
  series.sort((a, b) => compareLabels(a.labels, b.labels));
  return {
    start: worldStart,
    end: worldStart + worldSpan,
    series: series.filter(({ samples }) => samples.length > 0),
  };
}

/** Irregular times with gaps, some of them marked; some series begin late or end early. */
function samplesOf(random: Random, value: () => number): Sample[] {
  const samples: Sample[] = [];
  const interval = random.pick([5_000, 15_000, 15_000, 30_000, 60_000, 150_000]);
  const from = worldStart + (random.chance(0.25) ? random.whole(0, worldSpan) : 0);
  const until = worldStart + (random.chance(0.2) ? random.whole(0, worldSpan) : worldSpan);
  for (let t = from; t < until; ) {
    samples.push({ t: offBorder(t, random), v: value() });
    t += interval + random.whole(0, interval / 4);
    if (random.chance(0.02)) {
      if (random.chance(0.5)) samples.push({ t: offBorder(t, random), v: undefined });
      t += random.whole(interval, 700_000);
    }
  }
  return samples;
}

function offBorder(t: number, random: Random): number {
  return Math.floor(t / 10) * 10 + random.whole(1, 9);
}

/** Rises from near zero, or from so high that what a counter was before its first sample does not matter. */
function counter(random: Random, high: boolean): () => number {
  const speed = random.pick([0.3, 5, 1000]);
  const resets = random.pick([0, 0.02, 0.1]);
  let value = high ? speed * 1e5 : random.chance(0.5) ? 0 : random.next() * speed * 100;
  return () => {
    if (random.chance(resets)) value = high ? value * 0.85 : random.next() * speed;
    else if (random.chance(0.8)) value += random.next() * speed;
    return value;
  };
}

function gauge(random: Random): () => number {
  const scale = random.pick([1, 100, 1e6]);
  let value = (random.next() - 0.5) * scale;
  return () => {
    value += random.chance(0.2) ? 0 : (random.next() - 0.5) * scale;
    return random.chance(0.2) ? Math.round(value) : value;
  };
}

function odd(random: Random): () => number {
  return () => (random.chance(0.15) ? random.pick([NaN, Infinity, -Infinity, 0, -0]) : random.whole(-5, 5));
}

/** Without subnormal numbers: of those Go's logarithm in amd64 assembly is wrong. */
function extreme(random: Random): () => number {
  return () => random.pick([1e308, -1e308, 1.7e308, 3e-308, 1e-300, 1e15, -1e16, 2 ** 53, 1, 0.1, NaN]);
}

/** Cumulative buckets scraped together; shaky ones lose their order now and then, and one series lacks `+Inf`. */
function histogram(random: Random, name: string, job: string, shaky: boolean): Series[] {
  const times = samplesOf(random, () => 0).filter(({ v }) => v !== undefined);
  const counts = bounds.map(() => 0);
  const rows = times.map(() => {
    for (let i = 0; i < bounds.length; i++) if (random.chance(0.6)) counts[i]! += random.whole(0, 9);
    let total = 0;
    return counts.map((count) => {
      total += count;
      return shaky && random.chance(0.1) ? total - random.whole(0, 3) : total;
    });
  });
  return bounds.flatMap((le, place) => {
    if (shaky && job === 'web' && le === '+Inf') return [];
    const samples = times.map(({ t }, row) => ({ t, v: rows[row]![place]! }));
    return [{ labels: labelsFrom({ __name__: name, job, le }), samples }];
  });
}

/** @param change what becomes of each value. */
export function storageOf(world: World, change = (value: number) => value): MemoryStorage {
  const storage = new MemoryStorage();
  for (const { labels, samples } of world.series) {
    const into = storage.series(labels);
    for (const { t, v } of samples)
      if (v === undefined) into.pushStale(t);
      else into.push(t, change(v));
  }
  return storage;
}

/** The world with values moved in their last digits: fractions, or whole numbers as well, whose sums are exact. */
export function shakenStorageOf(world: World, which: 'fractions' | 'all'): MemoryStorage {
  const random = new Random(1);
  const stays = (value: number) => which === 'fractions' && Number.isInteger(value);
  return storageOf(world, (value) => (stays(value) ? value : value * (1 + (random.next() - 0.5) * 2e-13)));
}

/** Native histograms: one metric that counts, and one that changes between floats and histograms of several kinds. */
export function addHistograms(storage: MemoryStorage, random: Random): void {
  for (const job of jobs)
    for (const pod of pods) {
      for (const name of metrics.histograms) {
        const into = storage.series(labelsFrom({ __name__: name, job, pod }));
        const counts = [0, 0, 0];
        for (const { t, v } of samplesOf(random, () => random.whole(0, 9))) {
          if (v === undefined) into.pushStale(t);
          else if (name === 'mixed' && random.chance(0.3)) into.push(t, v);
          else into.pushHistogram(t, nextHistogram(counts, random, name === 'mixed'));
        }
      }
    }
}

function nextHistogram(counts: number[], random: Random, unsteady: boolean): FloatHistogram {
  if (random.chance(0.03)) counts.fill(0);
  for (let i = 0; i < counts.length; i++) counts[i]! += random.whole(0, 5);
  const count = counts.reduce((sum, one) => sum + one, 0);
  const custom = unsteady && random.chance(0.2);
  return histogramOf({
    hint: unsteady && random.chance(0.2) ? 'gauge' : 'unknown',
    schema: custom ? customSchema : unsteady ? random.whole(-1, 2) : 0,
    count,
    sum: count * 1.5,
    customBounds: custom ? [0.5, 1] : [],
    positive: bucketsFrom(custom ? 0 : random.whole(-1, 1), counts),
  });
}

/** The samples of a series for a reader, times in seconds since the world's start. */
export function showSamples(samples: readonly Sample[]): string {
  return samples
    .map(({ t, v }) => `${v === undefined ? 'stale' : formatValue(v)}@${(t - worldStart) / 1000}`)
    .join(' ');
}
