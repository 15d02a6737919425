import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom, type Matcher } from '@paddlewatch/model';
import { Db } from './index.ts';

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-exemplars-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const seriesOf = (i: number) => labelsFrom({ __name__: 'requests', i: String(i) });
const named: Matcher[] = [{ type: '=', name: '__name__', value: 'requests' }];
const exemplar = (t: number, trace = `t${t}`) => ({ labels: ['trace_id', trace], value: t / 1000, t });

/** Times of the exemplars held, by series. */
function held(db: Db, mint = -Infinity, maxt = Infinity): Record<string, number[]> {
  const found = db.exemplars([named], mint, maxt);
  return Object.fromEntries(found.map(({ labels, exemplars }) => [labels[3], exemplars.map(({ t }) => t)]));
}

test('the newest exemplars of all series are kept, as many as there are places', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir, maxExemplars: 5 });
  const appender = db.appender();
  for (let time = 1; time <= 4; time++) {
    for (const i of [0, 1]) appender.appendExemplar(appender.series(seriesOf(i)), exemplar(time));
    appender.commit();
  }
  assert.deepEqual(held(db), { 0: [3, 4], 1: [2, 3, 4] });
  assert.deepEqual(held(db, 3, 3), { 0: [3], 1: [3] });
  assert.deepEqual(db.exemplars([named], 4, 4)[0]!.exemplars, [exemplar(4)]);
  assert.deepEqual(db.exemplars([[{ type: '=', name: 'i', value: '7' }]], 0, 9), []);
  await db.close();
  db = await Db.open({ dir, maxExemplars: 5 });
  assert.deepEqual(held(db), { 0: [3, 4], 1: [2, 3, 4] }, 'after a restart');
  db.maxExemplars = 2;
  assert.deepEqual(held(db), { 0: [4], 1: [4] });
  db.maxExemplars = 3;
  const again = db.appender();
  for (const time of [5, 6]) again.appendExemplar(again.series(seriesOf(0)), exemplar(time));
  again.commit();
  assert.deepEqual(held(db), { 0: [5, 6], 1: [4] });
  assert.equal(db.exemplarStats.oldest, 4);
  await db.close();
});

test('what repeats, comes late or says too much is passed over', async (t) => {
  const db = await Db.open({ dir: tempDir(t), maxExemplars: 10 });
  const appender = db.appender();
  const ref = appender.series(seriesOf(0));
  const long = exemplar(9, 'x'.repeat(121));
  const offered = [
    exemplar(5),
    exemplar(5),
    exemplar(4),
    exemplar(5, 'other'),
    long,
    exemplar(8, 'ü'.repeat(120)),
  ];
  for (const one of offered) appender.appendExemplar(ref, one);
  appender.commit();
  assert.deepEqual(held(db), { 0: [5, 5, 8] });
  const { appended, held: places, series } = db.exemplarStats;
  assert.deepEqual({ appended, places, series }, { appended: 3, places: 3, series: 1 });
  appender.appendExemplar(ref, exemplar(10));
  appender.rollback();
  appender.commit();
  appender.appendExemplar(ref, exemplar(7));
  appender.commit();
  assert.deepEqual(held(db), { 0: [5, 5, 8] });
  await db.close();
});

test('without places nothing is kept', async (t) => {
  const db = await Db.open({ dir: tempDir(t) });
  const appender = db.appender();
  appender.appendExemplar(appender.series(seriesOf(0)), exemplar(5));
  appender.commit();
  assert.deepEqual(held(db), {});
  await db.close();
});

test('a checkpoint keeps exemplars, histograms and what was said last of metrics', async (t) => {
  const dir = tempDir(t);
  const options = { dir, maxExemplars: 100, wal: { segmentSize: 32 * 1024 } };
  let db = await Db.open(options);
  const appender = db.appender();
  const type = 'counter';
  for (let time = 1; time <= 2000; time++) {
    for (const i of [0, 1]) {
      const ref = appender.series(seriesOf(i));
      appender.append(ref, time, time);
      if (time % 100 === 0) appender.appendExemplar(ref, exemplar(time));
      if (time < 20) appender.setMetadata(ref, { type, unit: '', help: `Help ${Math.min(time, 10)}.` });
    }
    appender.commit();
  }
  await db.truncate(1000);
  assert.ok(fs.readdirSync(path.join(dir, 'wal')).some((name) => name.startsWith('checkpoint.')));
  await db.close();
  db = await Db.open(options);
  assert.deepEqual(db.metadata(seriesOf(0)), { type, unit: '', help: 'Help 10.' });
  assert.deepEqual(
    held(db)[1],
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map((n) => 100 * n),
  );
  assert.equal(db.metadata(seriesOf(3)), undefined);
  await db.close();
});
