import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { labelsFrom, type Matcher } from '@paddlewatch/model';
import { Backfill } from '../block/backfill.ts';
import { Db } from '../db.ts';
import type { IndexPiece } from './effort.ts';

const start = 1_699_999_200_000;
const all = [start, start + 1000] as const;
const is = (name: string, value: string): Matcher => ({ type: '=', name, value });
const fits = (name: string, value: string): Matcher => ({ type: '=~', name, value });

/** Series i = 0 … 9 of `stored` in a block, and of `held` in the head. */
async function database(t: TestContext): Promise<Db> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'effort-'));
  const labels = (name: string, i: number) => labelsFrom({ __name__: name, i: String(i) });
  const backfill = new Backfill({ dir });
  for (let i = 0; i < 10; i++) backfill.append(backfill.series(labels('stored', i)), start, i);
  backfill.close();
  const db = await Db.open({ dir });
  t.after(async () => {
    await db.close();
    fs.rmSync(dir, { recursive: true });
  });
  const appender = db.appender();
  const newer = start + 3 * 3_600_000;
  for (let i = 0; i < 10; i++) appender.append(appender.series(labels('held', i)), newer, i);
  await appender.commit();
  return db;
}

/** What a selector takes, by kind. */
async function effortOf(db: Db, matchers: Matcher[], [mint, maxt]: readonly [number, number]) {
  const sums = new Map<IndexPiece, number>();
  const querier = db.querier(mint, maxt);
  const effort = (piece: IndexPiece, pieces: number) => void sums.set(piece, (sums.get(piece) ?? 0) + pieces);
  await querier.select(matchers, { mint, maxt, effort });
  querier.close();
  return Object.fromEntries(sums);
}

test('a block tells of its tables once, then of values, lists, their members and what is found', async (t) => {
  const db = await database(t);
  const { byte, ...first } = await effortOf(db, [is('__name__', 'stored'), is('i', '7')], all);
  assert.ok(byte! > 100);
  assert.deepEqual(first, { list: 2, posting: 11, found: 1 });
  // This needs the symbols, too.
  await db.series([is('i', '7')], ...all);
  const regexp = [is('__name__', 'stored'), fits('i', '[0-4].?')];
  assert.deepEqual(await effortOf(db, regexp, all), { value: 10, list: 6, posting: 15, found: 5 });
  assert.deepEqual(await effortOf(db, regexp, all), { found: 5 });
});

test('the head tells of values that it looks at for the first time, of members and of what is found', async (t) => {
  const db = await database(t);
  const late = [start + 3 * 3_600_000, Infinity] as const;
  assert.deepEqual(await effortOf(db, [is('__name__', 'held'), is('i', '7')], late), {
    ...{ value: 11, posting: 11, found: 1 },
  });
  assert.deepEqual(await effortOf(db, [is('i', '7')], late), { value: 0, posting: 1, found: 1 });
  assert.deepEqual(await effortOf(db, [fits('i', '[0-4].?')], late), { value: 10, posting: 5, found: 5 });
});

test('whoever hears of work may prevent it', async (t) => {
  const db = await database(t);
  const stop = (piece: IndexPiece) => {
    if (piece === 'list') throw new Error('too much');
  };
  const select = () => db.labelValues('i', [is('__name__', 'stored')], ...all, Infinity, stop);
  await assert.rejects(select, /too much/);
  assert.equal((await db.labelValues('i', [is('__name__', 'stored')], ...all)).length, 10);
});

test('names of labels are told of by the series that have them, before they are gathered', async (t) => {
  const db = await database(t);
  let told: number[] = [];
  const effort = (piece: IndexPiece, pieces: number) => void (piece === 'series' && told.push(pieces));
  const ask = (name: string, maxt: number) =>
    db.labelNames([is('__name__', name)], start, maxt, Infinity, effort);
  assert.deepEqual(await ask('stored', start + 1000), ['__name__', 'i']);
  assert.deepEqual(told, [10]);
  told = [];
  assert.deepEqual(await ask('held', Infinity), ['__name__', 'i']);
  assert.deepEqual(told, [0, 10]);
});

test('an index meets new series a few at a time, or all where somebody asks', async (t) => {
  const db = await database(t);
  assert.equal(db.catchUp(9), false);
  assert.equal(db.catchUp(9), true);
  const appender = db.appender();
  for (let i = 0; i < 10; i++)
    appender.append(appender.series(labelsFrom({ later: String(i) })), start + 4 * 3_600_000, i);
  await appender.commit();
  assert.equal(db.catchUp(3), false);
  assert.equal((await db.labelValues('later', [], start, Infinity)).length, 10);
  assert.equal(db.catchUp(0), true);
});
