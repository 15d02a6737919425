import {
  compareLabels,
  type FloatHistogram,
  formatHistogram,
  formatValue,
  type Labels,
  labelsFrom,
} from '@paddlewatch/model';
import { MemoryStorage } from '../src/index.ts';
import { HistogramSource } from './histogram-source.ts';
import type { Language } from './peer.ts';
import { Random } from './random.ts';

/** One sample; a value that is undefined is a staleness marker. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly t: number;
  readonly v: number | undefined;
  /** In the place of the value. */
  readonly h?: FloatHistogram;
}

export interface Series {
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

/** Random series of every kind that queries must stand, ordered by labels. */
export interface World {
  /** Who can be asked about it. For Prometheus 2 there are no native histograms, and no window's border meets a sample. */
  readonly language: Language;
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
  /** The following are only in a world for Prometheus 3. Native histograms, by how they change: see `HistogramSource`. */
  histograms: ['duration', 'spread', 'custom', 'mixed'],
  /** Of instances, as `info` joins them. */
  instances: ['served_total', 'served'],
  targets: ['target_info', 'zone_info'],
  quoted: ['wall time', 'wärme.°C'],
} as const;

export function makeWorld(random: Random, language: Language = '2'): World {
  const series: Series[] = [];
  const scrape = (value: () => number) => samplesOf(random, value, language === '3' && random.chance(0.5));
  const add = (name: string, labels: Record<string, string>, value: () => number) =>
    series.push({ labels: labelsFrom({ __name__: name, ...labels }), samples: scrape(value) });
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
    series.push(...histogram(random, 'latency_bucket', job, false, scrape));
    series.push(...histogram(random, 'shaky_bucket', job, true, scrape));
  }
  if (language === '3') {
    addInstances(random, add);
    series.push(...nativeHistograms(random, scrape));
  }
  series.sort((a, b) => compareLabels(a.labels, b.labels));
  return {
    language,
    start: worldStart,
    end: worldStart + worldSpan,
    series: series.filter(({ samples }) => samples.length > 0),
  };
}

type Add = (name: string, labels: Record<string, string>, value: () => number) => void;

/** What `info` joins, some of it twice or changing, and names that must be quoted. */
function addInstances(random: Random, add: Add): void {
  for (const job of jobs)
    for (const instance of ['i1', 'i2']) {
      const of = { job, instance };
      add('served_total', { ...of, code: '200' }, counter(random, false));
      add('served', of, gauge(random));
      for (const version of random.some(['v1', 'v2'], 0.7))
        add('target_info', { ...of, version, 'kind.of': random.pick(['x', 'y']) }, () => 1);
      if (random.chance(0.7)) add('zone_info', { ...of, zone: random.pick(['a', 'b']) }, () => 1);
      for (const name of metrics.quoted)
        add(name, { ...of, 'kind.of': random.pick(['x', 'y']) }, gauge(random));
    }
}

/** Every kind of them, now and then stale or taking turns with floats. */
function nativeHistograms(random: Random, scrape: Scrape): Series[] {
  return jobs.flatMap((job) =>
    pods.flatMap((pod) =>
      metrics.histograms.map((name) => {
        const source = new HistogramSource(name, random);
        const samples = scrape(() => random.whole(0, 9)).map((sample) =>
          sample.v === undefined || source.isFloat() ? sample : { ...sample, h: source.next() },
        );
        return { labels: labelsFrom({ __name__: name, job, pod }), samples };
      }),
    ),
  );
}

type Scrape = (value: () => number) => Sample[];

/**
 * Irregular times with gaps, some of them marked; some series begin late or end early.
 * @param onBorders to the second, where the borders of windows are, instead of off every one of them.
 */
function samplesOf(random: Random, value: () => number, onBorders: boolean): Sample[] {
  const place = (t: number) => (onBorders ? Math.floor(t / 1000) * 1000 : offBorder(t, random));
  const samples: Sample[] = [];
  const interval = random.pick([5_000, 15_000, 15_000, 30_000, 60_000, 150_000]);
  const from = worldStart + (random.chance(0.25) ? random.whole(0, worldSpan) : 0);
  const until = worldStart + (random.chance(0.2) ? random.whole(0, worldSpan) : worldSpan);
  for (let t = from; t < until; ) {
    samples.push({ t: place(t), v: value() });
    t += interval + random.whole(0, interval / 4);
    if (random.chance(0.02)) {
      if (random.chance(0.5)) samples.push({ t: place(t), v: undefined });
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
function histogram(random: Random, name: string, job: string, shaky: boolean, scrape: Scrape): Series[] {
  const times = scrape(() => 0).filter(({ v }) => v !== undefined);
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
    for (const { t, v, h } of samples)
      if (v === undefined) into.pushStale(t);
      else if (h === undefined) into.push(t, change(v));
      else into.pushHistogram(t, { ...h, sum: change(h.sum) });
  }
  return storage;
}

/** The world with values moved in their last digits: fractions, or whole numbers as well, whose sums are exact. */
export function shakenStorageOf(world: World, which: 'fractions' | 'all'): MemoryStorage {
  const random = new Random(1);
  const stays = (value: number) => which === 'fractions' && Number.isInteger(value);
  return storageOf(world, (value) => (stays(value) ? value : value * (1 + (random.next() - 0.5) * 2e-13)));
}

/** The samples of a series for a reader, times in seconds since the world's start. */
export function showSamples(samples: readonly Sample[]): string {
  const text = ({ v, h }: Sample) => (v === undefined ? 'stale' : h ? formatHistogram(h) : formatValue(v));
  return samples.map((sample) => `${text(sample)}@${(sample.t - worldStart) / 1000}`).join(' ');
}
