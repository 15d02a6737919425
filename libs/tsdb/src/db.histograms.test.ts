import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import {
  bucketsFrom,
  type FloatHistogram,
  formatHistogram,
  histogramOf,
  labelsFrom,
  labelValue,
} from '@paddlewatch/model';
import { histogramWalk } from '../test/histogram-walk.ts';
import { TestSamples } from '../test/samples.ts';
import { Db, openShared, type Reader } from './index.ts';

const kinds = ['whole', 'float', 'custom', 'gauge'] as const;
const minute = 60_000;
const start = 3_148_149 * 9 * minute;
const step = 5000;

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-histograms-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const open = (dir: string) => Db.open({ dir, chunkRange: minute, wal: { sync: 'never' } });

/** A sample as text: a histogram without empty buckets, a float, or the word stale. */
type Written = Map<string, [number, string][]>;

/** Appends `steps` samples to a series of each kind, with floats and markers among the histograms. */
function fill(db: Db, steps: number): Written {
  const written: Written = new Map(kinds.map((kind) => [kind, []]));
  const walks = kinds.map((kind, seed) => ({ kind, walk: histogramWalk({ kind, seed: seed + 1 }) }));
  const appender = db.appender();
  for (let i = 0; i < steps; i++) {
    const t = start + i * step;
    for (const { kind, walk } of walks) {
      const ref = appender.series(labelsFrom({ __name__: 'h', kind }));
      const histogram = walk.next().value as FloatHistogram;
      if (i % 37 === 36) appender.appendStale(ref, t);
      else if (i % 41 === 40) appender.append(ref, t, i);
      else appender.appendHistogram(ref, t, histogram);
      const text = i % 37 === 36 ? 'stale' : i % 41 === 40 ? String(i) : formatHistogram(histogram);
      written.get(kind)!.push([t, text]);
    }
    assert.deepEqual(appender.commit(), { appended: 4, outOfOrder: 0, duplicates: 0, unknownSeries: 0 });
  }
  return written;
}

async function content(reader: Db | Reader, mint = 0, maxt = 4e12): Promise<Written> {
  const querier = reader.querier(mint, maxt);
  const set = await querier.select([], { mint, maxt });
  const found: Written = new Map(kinds.map((kind) => [kind, []]));
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, mint, maxt, into);
    const bits = into.bits();
    const rows = bits.map(({ t, bits: value }, k): [number, string] => {
      const histogram = into.histograms[k] as FloatHistogram | undefined;
      if (histogram) return [t, formatHistogram(histogram)];
      return [t, value === 0x7ff0000000000002n ? 'stale' : String(into.v[k])];
    });
    found.set(labelValue(set.labels(i), 'kind'), rows);
  }
  querier.close();
  return found;
}

test('histograms come back from the head, from another reader, from the log and from mapped chunks', async (t) => {
  const dir = tempDir(t);
  let db = await open(dir);
  const other = openShared(db.share());
  const written = fill(db, 300);
  assert.deepEqual(await content(db), written);
  assert.deepEqual(await content(other), written);
  const crashed = path.join(tempDir(t), 'copy');
  fs.cpSync(dir, crashed, { recursive: true });
  fs.rmSync(path.join(crashed, 'lock'));
  const replayed = await open(crashed);
  assert.deepEqual(await content(replayed), written, 'from the log alone');
  await replayed.close();
  await db.close();
  db = await open(dir);
  assert.ok(fs.readdirSync(path.join(dir, 'chunks_head')).length > 0);
  assert.deepEqual(await content(db), written, 'from mapped chunks and the log');
  const window = await content(db, start + 100 * step, start + 200 * step);
  assert.deepEqual(window.get('whole'), written.get('whole')!.slice(100, 201));
  await db.close();
});

test('histograms go into blocks, blocks are joined, and the log forgets them', async (t) => {
  const dir = tempDir(t);
  let db = await open(dir);
  const written = fill(db, 200);
  await db.maintain();
  await db.maintain();
  assert.ok(db.stats().minTime > start, 'blocks hold the oldest');
  assert.deepEqual(await content(db), written);
  await db.close();
  db = await open(dir);
  assert.deepEqual(await content(db), written);
  await db.close();
});

test('histograms that do not fit are counted and not stored', async (t) => {
  const db = await open(tempDir(t));
  const appender = db.appender();
  const ref = appender.series(labelsFrom({ __name__: 'h', kind: 'whole' }));
  const one = histogramOf({ count: 1, sum: 1, zeroCount: 1 });
  appender.appendHistogram(ref, 1000, one);
  appender.appendHistogram(ref, 1000, one);
  appender.appendHistogram(ref, 1000, { ...one, sum: 2 });
  appender.appendHistogram(ref, 999, one);
  appender.appendHistogram(ref + 7, 2000, one);
  assert.deepEqual(appender.commit(), { appended: 1, outOfOrder: 1, duplicates: 1, unknownSeries: 1 });
  appender.append(ref, 1000, 1);
  assert.deepEqual(appender.commit(), { appended: 0, outOfOrder: 0, duplicates: 1, unknownSeries: 0 });
  appender.appendHistogram(ref, 3000, one);
  appender.rollback();
  appender.commit();
  assert.deepEqual((await content(db)).get('whole'), [[1000, formatHistogram(one)]]);
  await db.close();
});

test('a reader sees the histograms of whole commits only', async (t) => {
  const db = await open(tempDir(t));
  const appender = db.appender();
  const ref = appender.series(labelsFrom({ __name__: 'h', kind: 'whole' }));
  const walk = histogramWalk({ kind: 'whole', seed: 5 });
  appender.appendHistogram(ref, 1000, walk.next().value as FloatHistogram);
  appender.commit();
  const set = await db.querier(0, 9999).select([], { mint: 0, maxt: 9999 });
  appender.appendHistogram(ref, 2000, walk.next().value as FloatHistogram);
  appender.commit();
  const into = new TestSamples();
  set.read(0, 0, 9999, into);
  assert.equal(into.length, 1);
  assert.equal((await content(db)).get('whole')!.length, 2);
  await db.close();
});

test('another thread reads histograms while chunks grow, widen and move', async (t) => {
  const db = await Db.open({ dir: tempDir(t), wal: { sync: 'never' } });
  const appender = db.appender();
  const worker = new Worker(new URL('../test/histogram-reading-worker.ts', import.meta.url), {
    workerData: db.share(),
  });
  let verdict: string | undefined;
  worker.once('message', (message: string) => {
    verdict = message;
  });
  const steps = 200;
  for (let step = 0; verdict === undefined && step < 8 * steps; step++) {
    const k = step % steps;
    // One observation a step, each bucket later than the one before: the layout widens for sixty steps.
    const counts = Array.from({ length: Math.min(60, k + 1) }, (_, i) => Math.floor((k - i) / 60) + 1);
    const positive = { index: Int32Array.from(counts.keys()), count: Float64Array.from(counts) };
    const histogram = histogramOf({ count: k + 1, sum: k, positive });
    for (let i = 0; i < 4; i++) {
      const wave = String(Math.floor(step / steps));
      const ref = appender.series(labelsFrom({ __name__: 'h', i: String(i), wave }));
      appender.appendHistogram(ref, step * 1000, histogram);
    }
    appender.commit();
    if (step % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (verdict === undefined) await new Promise((resolve) => worker.once('message', resolve));
  assert.equal(verdict ?? 'sound', 'sound');
  await worker.terminate();
  await db.close();
});

test('late histograms take their places: in memory, in another thread, after a restart and in a block', async (t) => {
  const dir = tempDir(t);
  const options = { dir, chunkRange: minute, wal: { sync: 'never' }, outOfOrderWindow: minute } as const;
  const written: Written = new Map();
  let db = await Db.open(options);
  const appender = db.appender();
  const series = kinds.map((kind) => {
    const walk = histogramWalk({ kind, seed: 9 });
    const samples = Array.from({ length: 60 }, (_, i) => {
      return { t: start + i * step, histogram: walk.next().value as FloatHistogram };
    });
    written.set(
      kind,
      samples.map(({ t, histogram }) => [t, formatHistogram(histogram)]),
    );
    return { ref: appender.series(labelsFrom({ __name__: 'h', kind })), samples };
  });
  const append = (...places: readonly number[]) => {
    for (const place of places) {
      for (const { ref, samples } of series)
        appender.appendHistogram(ref, samples[place]!.t, samples[place]!.histogram);
    }
    return appender.commit();
  };
  // Of each four the last one comes first; two come in one commit in the wrong order.
  for (let i = 0; i < 60; i += 4) {
    append(i + 3, i);
    assert.equal(append(i + 2, i + 1).appended, 2 * kinds.length);
  }
  assert.equal(append(57).appended, 0, 'they are there already');
  assert.equal(append(0).outOfOrder, kinds.length, 'older than the window');
  assert.deepEqual(await content(db), written);
  assert.deepEqual(await content(openShared(db.share())), written);
  await db.close();
  db = await Db.open(options);
  assert.deepEqual(await content(db), written, 'after a restart');
  await db.maintain();
  await db.maintain();
  assert.ok(fs.readdirSync(dir).some((name) => name.length === 26));
  assert.deepEqual(await content(db), written, 'in blocks');
  await db.close();
});

test('a histogram behind a late one says nothing of the way from there', async (t) => {
  const db = await Db.open({ dir: tempDir(t), outOfOrderWindow: minute });
  const appender = db.appender();
  const ref = appender.series(labelsFrom({ __name__: 'h' }));
  const counted = (count: number) => histogramOf({ count, positive: bucketsFrom(0, [count]) });
  for (const [time, count] of [
    [1000, 1],
    [2000, 2],
    [4000, 4],
    [5000, 5],
    // More than what comes behind it: a reset.
    [3000, 9],
  ] as const) {
    appender.appendHistogram(ref, time, counted(count));
    appender.commit();
  }
  const into = new TestSamples();
  const set = await db.querier(0, 9999).select([], { mint: 0, maxt: 9999 });
  set.read(0, 0, 9999, into);
  assert.deepEqual(
    (into.histograms as FloatHistogram[]).map(({ count, hint }) => [count, hint]),
    [
      [1, 'unknown'],
      [2, 'notReset'],
      [9, 'unknown'],
      [4, 'unknown'],
      [5, 'notReset'],
    ],
  );
  await db.close();
});
