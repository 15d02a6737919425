import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { TestSamples } from '../../test/samples.ts';
import { Db } from '../db.ts';
import { chunkFile } from './chunk-files.ts';
import { takeClosingMark } from './closing-mark.ts';

const start = 1_700_000_000_000;
const nothing = () => false;
const everything = () => true;

function folder(t: TestContext): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'closing-mark-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  return dir;
}

/** A database that was closed in order, with ten series of 150 samples: a full chunk and an open one each. */
async function closed(t: TestContext): Promise<string> {
  const dir = folder(t);
  await fill(dir, 0, 150);
  return dir;
}

async function fill(dir: string, from: number, to: number, end = (db: Db) => db.close()): Promise<void> {
  const db = await Db.open({ dir });
  const appender = db.appender();
  for (let step = from; step < to; step++) {
    for (let i = 0; i < 10; i++) {
      const ref = appender.series(labelsFrom({ __name__: 'm', i: String(i) }));
      appender.append(ref, start + 1000 * step, step * i);
    }
    appender.commit();
  }
  await end(db);
}

async function times(dir: string): Promise<number[][]> {
  const db = await Db.open({ dir });
  const set = await db.querier(0, Infinity).select([], { mint: 0, maxt: Infinity });
  const all = Array.from({ length: set.length }, (_, i) => {
    const into = new TestSamples();
    set.read(i, 0, Infinity, into);
    return into.pairs().map(([t]) => (t - start) / 1000);
  });
  await db.close();
  return all;
}

const tenTimes = (samples: number) =>
  Array.from({ length: 10 }, () => Array.from({ length: samples }, (_, i) => i));
const chunksOf = (dir: string) => path.join(dir, 'chunks_head');
const take = (dir: string, inBlocks: (t: number) => boolean) =>
  takeClosingMark(chunksOf(dir), path.join(dir, 'wal'), inBlocks);

test('after an orderly end the samples of the log are passed over', async (t) => {
  const dir = await closed(t);
  // With a mark that names no chunk files nothing is left: the log was not read.
  const mark = JSON.parse(fs.readFileSync(path.join(chunksOf(dir), 'closed.json'), 'utf8'));
  assert.equal(mark.segment, 0);
  const copy = folder(t);
  fs.cpSync(path.join(dir, 'wal'), path.join(copy, 'wal'), { recursive: true });
  fs.mkdirSync(chunksOf(copy));
  fs.writeFileSync(path.join(chunksOf(copy), 'closed.json'), JSON.stringify({ ...mark, files: [] }));
  assert.deepEqual(await times(copy), []);
  assert.deepEqual(await times(dir), tenTimes(150));
});

test('a mark counts once: after a crash the log is read as a whole', async (t) => {
  const dir = await closed(t);
  const crashed = folder(t);
  await fill(dir, 150, 300, async (db) => {
    fs.cpSync(dir, crashed, { recursive: true, filter: (name) => !name.endsWith('lock') });
    await db.close();
  });
  assert.equal(take(crashed, everything), -1);
  assert.deepEqual(await times(crashed), tenTimes(300));
  assert.deepEqual(await times(dir), tenTimes(300));
});

test('a mark of another log does not count', async (t) => {
  const dir = await closed(t);
  const other = folder(t);
  await fill(other, 150, 200);
  fs.rmSync(path.join(dir, 'wal'), { recursive: true });
  fs.cpSync(path.join(other, 'wal'), path.join(dir, 'wal'), { recursive: true });
  assert.deepEqual(await times(dir), tenTimes(200));
});

for (const [what, damage] of [
  ['cut off', (file: string) => fs.truncateSync(file, fs.statSync(file).size - 5)],
  ['changed', (file: string) => flip(file, 300)],
  ['gone', (file: string) => fs.rmSync(file)],
] as const) {
  test(`where a chunk file is ${what}, the log is read`, async (t) => {
    const dir = await closed(t);
    damage(chunkFile(chunksOf(dir), 1));
    assert.deepEqual(await times(dir), tenTimes(150));
  });
}

test('where the mark or all of the folder is gone, the log is read', async (t) => {
  const dir = await closed(t);
  fs.writeFileSync(path.join(chunksOf(dir), 'closed.json'), '{"segm');
  assert.deepEqual(await times(dir), tenTimes(150));
  fs.rmSync(chunksOf(dir), { recursive: true });
  assert.deepEqual(await times(dir), tenTimes(150));
});

test('a file that is gone because blocks hold its samples is not missed', async (t) => {
  const dir = await closed(t);
  const copy = folder(t);
  fs.rmSync(chunkFile(chunksOf(dir), 1));
  fs.cpSync(dir, copy, { recursive: true });
  assert.equal(take(dir, nothing), -1);
  assert.equal(take(copy, everything), 0);
});

function flip(file: string, at: number): void {
  const bytes = fs.readFileSync(file);
  bytes[at]! ^= 1;
  fs.writeFileSync(file, bytes);
}
