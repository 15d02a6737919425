import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { labelsFrom, labelValue } from '@paddlewatch/model';
import { dump, noPromtool, promtool } from '../../test/promtool.ts';
import { TestSamples } from '../../test/samples.ts';
import { Db, openShared, type Reader } from '../index.ts';
import { listBlocks } from './block-list.ts';
import { readMeta } from './meta.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'upkeep-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const minute = 60_000;
/** A multiple of nine minutes. */
const start = 3_148_149 * 9 * minute;
const step = 5000;

/** Seven series from `from` to `to`; a late starter and one that ends among them. */
function fill(db: Db, from: number, to: number): void {
  const appender = db.appender();
  for (let t = from; t < to; t += step) {
    for (let i = 0; i < 7; i++) {
      if ((i === 3 && t < start + 4 * minute) || (i === 5 && t > start + 2 * minute)) continue;
      appender.append(appender.series(labelsFrom({ __name__: 'm', i: String(i) })), t, t / 1000 + i);
    }
    appender.commit();
  }
}

async function content(reader: Db | Reader): Promise<Map<string, [number, number][]>> {
  const querier = reader.querier(0, 4e12);
  const set = await querier.select([], { mint: 0, maxt: 4e12 });
  const found = new Map<string, [number, number][]>();
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, 0, 4e12, into);
    if (into.length > 0) found.set(labelValue(set.labels(i), 'i'), into.pairs());
  }
  querier.close();
  return new Map([...found].sort());
}

function expected(to: number): Map<string, [number, number][]> {
  const rows = new Map<string, [number, number][]>();
  for (let i = 0; i < 7; i++) {
    const row: [number, number][] = [];
    for (let t = start; t < to; t += step) {
      if ((i === 3 && t < start + 4 * minute) || (i === 5 && t > start + 2 * minute)) continue;
      row.push([t, t / 1000 + i]);
    }
    rows.set(String(i), row);
  }
  return rows;
}

const open = (dir: string, retention = { time: 0, size: 0 }) =>
  Db.open({ dir, chunkRange: minute, wal: { sync: 'never' }, retention });

test('the head becomes blocks, small blocks become larger ones, and no sample is lost or doubled', async () => {
  const dir = fs.mkdtempSync(path.join(home, 'cut-'));
  const end = start + 12 * minute;
  let db = await open(dir);
  const other = openShared(db.share());
  fill(db, start, end);
  await db.maintain();
  assert.deepEqual(await content(db), expected(end));
  await db.maintain();
  assert.deepEqual(await content(db), expected(end));
  assert.deepEqual(await content(other), expected(end), 'another thread sees the blocks');
  assert.ok(db.stats().minTime >= start + 10 * minute - 1, 'what blocks hold has left the head');
  const levels = listBlocks(dir).map((name) => readMeta(path.join(dir, name)).compaction.level);
  assert.ok(levels.includes(3) && levels.includes(1), `levels ${levels}`);
  await db.close();
  db = await open(dir);
  assert.deepEqual(await content(db), expected(end), 'after a restart');
  const late = db.appender();
  late.append(late.series(labelsFrom({ __name__: 'm', i: 'new' })), start, 1);
  assert.equal(late.commit().outOfOrder, 1, 'what blocks hold takes no more samples');
  fill(db, end, end + 3 * minute);
  await db.maintain();
  assert.deepEqual(await content(db), expected(end + 3 * minute));
  await db.close();
});

test('the real tool reads what was cut and joined', { skip: noPromtool }, async () => {
  const dir = fs.mkdtempSync(path.join(home, 'tool-'));
  const db = await open(dir);
  fill(db, start, start + 10 * minute);
  await db.maintain();
  await db.close();
  fs.rmSync(path.join(dir, 'wal'), { recursive: true });
  fs.rmSync(path.join(dir, 'chunks_head'), { recursive: true, force: true });
  const metas = listBlocks(dir).map((name) => readMeta(path.join(dir, name)));
  assert.equal(promtool('tsdb', 'list', dir).trim().split('\n').length, metas.length + 1);
  const end = Math.max(...metas.map(({ maxTime }) => maxTime));
  const samples = [...expected(end).values()].flat();
  assert.deepEqual(
    dump(dir)
      .map((line) => line.split(' ').slice(-2).map(Number).join(' '))
      .sort(),
    samples.map(([t, v]) => `${v} ${t}`).sort(),
  );
});

test('a stop between a block and the end of its parents leaves a folder that opens and reads right', async () => {
  const dir = fs.mkdtempSync(path.join(home, 'stop-'));
  const end = start + 8 * minute;
  let db = await open(dir);
  fill(db, start, start + 3 * minute);
  await db.maintain();
  const parents = listBlocks(dir);
  const kept = fs.mkdtempSync(path.join(home, 'kept-'));
  fs.cpSync(dir, kept, { recursive: true });
  fill(db, start + 3 * minute, end);
  await db.maintain();
  await db.close();
  for (const name of parents) fs.cpSync(path.join(kept, name), path.join(dir, name), { recursive: true });
  fs.mkdirSync(path.join(dir, '01ARZ3NDEKTSV4RRFFQ69G5FAV.tmp-for-creation/chunks'), { recursive: true });
  fs.mkdirSync(path.join(dir, '01ARZ3NDEKTSV4RRFFQ69G5FAV.tmp-for-deletion'));
  db = await open(dir);
  assert.deepEqual(await content(db), expected(end));
  await db.maintain();
  assert.deepEqual(
    fs.readdirSync(dir).filter((name) => name.includes('.tmp')),
    [],
  );
  assert.ok(!parents.some((name) => listBlocks(dir).includes(name)));
  assert.deepEqual(await content(db), expected(end));
  await db.close();
});

test('blocks beyond the retention are deleted, by time and by size', async () => {
  const dir = fs.mkdtempSync(path.join(home, 'retention-'));
  const db = await open(dir, { time: 3 * minute, size: 0 });
  fill(db, start, start + 12 * minute);
  await db.maintain();
  await db.maintain();
  const metas = () => listBlocks(dir).map((name) => readMeta(path.join(dir, name)));
  const newest = Math.max(...metas().map(({ maxTime }) => maxTime));
  assert.ok(metas().every(({ maxTime }) => maxTime > newest - 3 * minute));
  assert.ok(metas().length > 1);
  db.retention = { time: 0, size: 1 };
  await db.maintain();
  assert.deepEqual(metas(), []);
  await db.close();
});

const named = (i: number) => [{ type: '=', name: 'i', value: String(i) }] as const;

test('what is deleted is seen by nobody, and leaves the disk when tombstones are cleaned', async () => {
  const dir = fs.mkdtempSync(path.join(home, 'delete-'));
  let db = await open(dir);
  const other = openShared(db.share());
  const end = start + 5 * minute;
  fill(db, start, end);
  await db.maintain();
  await db.deleteSeries(named(0), start + minute, start + 2 * minute);
  await db.deleteSeries(named(1), start - minute, start + 90_000);
  await db.deleteSeries(named(0), start + 2 * minute, start + 2 * minute + step);
  await db.deleteSeries(named(4), start + 3 * minute, end - 2 * step);
  await db.deleteSeries(named(6), start, end + minute);
  const left = expected(end);
  left.set(
    '0',
    left.get('0')!.filter(([t]) => t < start + minute || t > start + 2 * minute + step),
  );
  left.set(
    '1',
    left.get('1')!.filter(([t]) => t > start + 90_000),
  );
  left.set(
    '4',
    left.get('4')!.filter(([t]) => t < start + 3 * minute || t > end - 2 * step),
  );
  left.delete('6');
  assert.deepEqual(await content(db), left);
  assert.deepEqual(await content(other), left);
  const names = (await db.series([], 0, 4e12)).map((labels) => labelValue(labels, 'i'));
  assert.deepEqual(names.sort(), ['0', '1', '2', '3', '4', '5'], 'a series without samples is not listed');
  await db.close();
  db = await open(dir);
  assert.deepEqual(await content(db), left, 'after a restart');
  fill(db, end, end + 5 * minute);
  for (const [i, row] of expected(end + 5 * minute)) {
    left.set(i, [...(left.get(i) ?? []), ...row.filter(([t]) => t >= end)]);
  }
  await db.maintain();
  await db.maintain();
  const sorted = new Map([...left].sort());
  assert.deepEqual(await content(db), sorted, 'in the blocks that the head became');
  await db.cleanTombstones();
  assert.deepEqual(await content(db), sorted, 'after cleaning');
  const stones = listBlocks(dir).map((name) => fs.statSync(path.join(dir, name, 'tombstones')).size);
  assert.ok(
    stones.every((size) => size === 9),
    `${stones}`,
  );
  await db.close();
});

test('a snapshot is a database of its own', async () => {
  const dir = fs.mkdtempSync(path.join(home, 'snapshot-'));
  const db = await open(dir);
  const end = start + 5 * minute;
  fill(db, start, end);
  await db.maintain();
  const target = path.join(dir, 'snapshots', 'first');
  await db.snapshot(target);
  await db.deleteSeries(named(2), start, start + minute);
  const copy = await open(target);
  assert.deepEqual(await content(copy), expected(end));
  await copy.close();
  await db.close();
});
