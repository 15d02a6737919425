import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { allBuckets, type FloatHistogram, labelsFrom, labelsKey, parseValue } from '@paddlewatch/model';
import { Db } from '../src/index.ts';
import { histogramWalk } from './histogram-walk.ts';
import { noPrometheus, type RealHistogram, type RealPrometheus, startPrometheus } from './real-prometheus.ts';
import { TestSamples } from './samples.ts';

/** Count, sum, then bounds and count of each bucket that is not empty. */
type Numbers = number[];
type Dump = Map<string, [number, Numbers][]>;

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-prometheus-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function numbersOf(histogram: FloatHistogram): Numbers {
  const buckets = allBuckets(histogram).filter(({ count }) => count !== 0);
  return [
    histogram.count,
    histogram.sum,
    ...buckets.flatMap(({ lower, upper, count }) => [lower, upper, count]),
  ];
}

function numbersOfTheirs({ count, sum, buckets = [] }: RealHistogram): Numbers {
  const texts = [count, sum, ...buckets.flatMap(([, lower, upper, n]) => [lower, upper, n])];
  return texts.map((text) => parseValue(text)!);
}

async function dumpOurs(db: Db, mint: number, maxt: number): Promise<Dump> {
  const set = await db.querier(mint, maxt).select([], { mint, maxt });
  const dump: Dump = new Map();
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, mint, maxt, into);
    const rows: [number, Numbers][] = [];
    for (let k = 0; k < into.length; k++) {
      const histogram = into.histograms[k] as FloatHistogram | undefined;
      if (histogram) rows.push([into.t[k]!, numbersOf(histogram)]);
    }
    if (rows.length > 0) dump.set(labelsKey(set.labels(i)), rows);
  }
  return new Map([...dump].sort());
}

/** One query for each kind: version 2.42 answers a query over both kinds with values of another series. */
async function dumpTheirs(prometheus: RealPrometheus, time: number, selectors: string[]): Promise<Dump> {
  const answers = await Promise.all(selectors.map((selector) => prometheus.query(`${selector}[7h]`, time)));
  const result = answers.flat();
  const rows = result
    .filter(({ histograms }) => histograms && histograms.length > 0)
    .map(({ metric, histograms }): [string, [number, Numbers][]] => [
      labelsKey(labelsFrom(metric)),
      histograms!.map(([t, histogram]) => [Math.round(t * 1000), numbersOfTheirs(histogram)]),
    ]);
  return new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The program writes bounds with the digits of another logarithm: the last one may differ. */
function assertSame(theirs: Dump, ours: Dump): void {
  assert.deepEqual([...theirs.keys()], [...ours.keys()]);
  for (const [key, rows] of theirs) {
    const own = ours.get(key)!;
    assert.deepEqual(
      rows.map(([t]) => t),
      own.map(([t]) => t),
    );
    for (const [i, [t, numbers]] of rows.entries()) {
      assert.equal(numbers.length, own[i]![1].length, `${key} at ${t}`);
      for (const [k, number] of numbers.entries()) {
        const other = own[i]![1][k]!;
        assert.ok(Math.abs(number - other) <= 1e-14 * Math.abs(other), `${key} at ${t}: ${number} ${other}`);
      }
    }
  }
}

/** What real Prometheus finds in a folder that we filled with histograms up to now. */
async function compareFolder(
  t: { after(fn: () => unknown): void },
  { steps, interval, cut }: { steps: number; interval: number; cut: boolean },
): Promise<void> {
  const home = tempDir(t);
  const dir = path.join(home, 'data');
  const end = Date.now();
  const start = end - steps * interval;
  const db = await Db.open({ dir });
  const appender = db.appender();
  const walks = (['whole', 'float', 'gauge'] as const).map((kind, seed) => ({
    ref: appender.series(labelsFrom({ __name__: 'h', kind })),
    walk: histogramWalk({ kind, seed: seed + 11 }),
  }));
  for (let step = 0; step <= steps; step++) {
    for (const { ref, walk } of walks) {
      const histogram = walk.next().value as FloatHistogram;
      if (step % 61 === 60) appender.appendStale(ref, start + step * interval);
      else appender.appendHistogram(ref, start + step * interval, histogram);
    }
    appender.commit();
  }
  if (cut) await db.maintain();
  const ours = await dumpOurs(db, start, end);
  await db.close();
  const blocks = fs.readdirSync(dir).filter((name) => name.length === 26).length;
  assert.equal(blocks > 0, cut);
  fs.rmSync(path.join(dir, 'lock'), { force: true });
  const prometheus = await startPrometheus(home, dir, 'global: {}\n', ['native-histograms']);
  t.after(() => prometheus.kill('SIGKILL'));
  const theirs = await dumpTheirs(prometheus, end, ['h{kind="whole"}', 'h{kind="gauge"}', 'h{kind="float"}']);
  assert.equal(theirs.size, 3);
  assertSame(theirs, ours);
}

test('a real Prometheus reads the histograms of our log', { skip: noPrometheus }, (t) =>
  compareFolder(t, { steps: 200, interval: 10_000, cut: false }),
);

test('a real Prometheus reads the histograms of our blocks', { skip: noPrometheus }, (t) =>
  compareFolder(t, { steps: 700, interval: 30_000, cut: true }),
);
