import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { labelsFrom, labelValue } from '@paddlewatch/model';
import { TestSamples } from '../../test/samples.ts';
import { Db } from '../index.ts';
import { Backfill } from './backfill.ts';
import { verifyBlock } from './inspect.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'backfill-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const hour = 3_600_000;
const start = 1_700_000_000_000 - (1_700_000_000_000 % (2 * hour));

function fill(dir: string, memory: number): Backfill {
  const backfill = new Backfill({ dir, memory });
  for (let i = 0; i < 30; i++) {
    const series = backfill.series(labelsFrom({ __name__: 'm', i: String(i) }));
    for (let k = 0; k < 600; k++) backfill.append(series, start + i + k * 30_000, Math.sin(k) * i);
  }
  return backfill;
}

for (const memory of [2 ** 28, 10_000]) {
  test(`a history of five hours becomes three blocks with ${memory} bytes of memory`, async () => {
    const dir = fs.mkdtempSync(path.join(home, 'blocks-'));
    const metas = fill(dir, memory).close();
    assert.deepEqual(
      metas.map(({ minTime, maxTime, stats }) => [minTime - start, maxTime - start, stats.numSamples]),
      [
        [0, 2 * hour - 30_000 + 30, 7200],
        [2 * hour, 4 * hour - 30_000 + 30, 7200],
        [4 * hour, 5 * hour - 30_000 + 30, 3600],
      ],
    );
    for (const { ulid } of metas) assert.deepEqual(verifyBlock(path.join(dir, ulid)), []);
    const db = await Db.open({ dir });
    const querier = db.querier(0, 4e12);
    const set = await querier.select([], { mint: 0, maxt: 4e12 });
    assert.equal(set.length, 30);
    for (let s = 0; s < set.length; s++) {
      const i = Number(labelValue(set.labels(s), 'i'));
      const into = new TestSamples();
      set.read(s, 0, 4e12, into);
      assert.deepEqual(
        into.pairs(),
        Array.from({ length: 600 }, (_, k) => [start + i + k * 30_000, Math.sin(k) * i]),
      );
    }
    querier.close();
    await db.close();
  });
}

test('a sample before the one that came last is refused by name and times', () => {
  const backfill = new Backfill({ dir: fs.mkdtempSync(path.join(home, 'order-')) });
  const series = backfill.series(labelsFrom({ __name__: 'm', a: 'b' }));
  backfill.append(series, 2000, 1);
  assert.throws(
    () => backfill.append(series, 1000, 1),
    new RangeError('cannot backfill m{a="b"}: the sample at 1000 ms comes after one at 2000 ms'),
  );
});

test('nothing to write is no block', () => {
  const dir = fs.mkdtempSync(path.join(home, 'nothing-'));
  assert.deepEqual(new Backfill({ dir }).close(), []);
  assert.deepEqual(fs.readdirSync(dir), []);
});
