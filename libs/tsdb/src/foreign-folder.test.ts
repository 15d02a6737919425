import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { TestSamples } from '../test/samples.ts';
import { ChunkFiles } from './head/chunk-files.ts';
import { Db } from './index.ts';
import { FragmentReader } from './wal/fragments.ts';
import { Wal } from './wal/wal.ts';

// What another program may have left in a folder.

const up = labelsFrom({ __name__: 'up', job: 'a' });

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Samples of the only series. */
async function count(db: Db): Promise<number> {
  const set = await db.querier(0, 1e6).select([], { mint: 0, maxt: 1e6 });
  const into = new TestSamples();
  set.read(0, 0, 1e6, into);
  return into.length;
}

test('chunks of the head that came late, or that nobody here can decode, do not hide what the log holds', async (t) => {
  for (const strange of [{ late: true }, { encoding: 4 }]) {
    const dir = tempDir(t);
    let db = await Db.open({ dir });
    const appender = db.appender();
    for (let step = 1; step <= 10; step++) {
      appender.append(appender.series(up), step * 1000, step);
      appender.commit();
    }
    await db.close();
    // As if it had been killed, and another program had written the chunk.
    fs.rmSync(path.join(dir, 'chunks_head'), { recursive: true });
    const files = new ChunkFiles(path.join(dir, 'chunks_head'), []);
    const chunk = { walRef: 1, mint: 4000, maxt: 6000, encoding: 1, late: false, ...strange };
    files.put(chunk, Uint8Array.of(0, 1, 0, 0, 0, 0));
    files.flush();
    files.close();
    db = await Db.open({ dir });
    assert.equal(await count(db), 10);
    await db.close();
  }
});

test('notes in the log of late samples go, for the chunks that they name may be missing', async (t) => {
  const dir = tempDir(t);
  const options = { dir, outOfOrderWindow: 60_000 };
  let db = await Db.open(options);
  const appender = db.appender();
  for (const time of [5000, 1000]) {
    appender.append(appender.series(up), time, time);
    appender.commit();
  }
  await db.close();
  const log = new Wal(path.join(dir, 'wbl'));
  log.add(Uint8Array.of(5, ...new Uint8Array(15), 1));
  log.commit();
  await log.close();
  db = await Db.open(options);
  await db.close();
  for (const name of fs.readdirSync(path.join(dir, 'wbl'))) {
    const reader = new FragmentReader(fs.readFileSync(path.join(dir, 'wbl', name)));
    for (let record = reader.next(); record; record = reader.next()) assert.equal(record[0], 2);
  }
  db = await Db.open(options);
  assert.equal(await count(db), 2);
  await db.close();
});
