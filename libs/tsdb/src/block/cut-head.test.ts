import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type Labels, labelsFrom, labelsKey } from '@paddlewatch/model';
import { randomFrom } from '../../test/random.ts';
import { TestSamples } from '../../test/samples.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { Db } from '../index.ts';
import { listBlocks } from './block-list.ts';
import { verifyBlock } from './inspect.ts';

const minute = 60_000;
const random = randomFrom(7);

/** Names and values that other orders than that of UTF-8 bytes would sort otherwise, and sets that begin others. */
function randomLabels(i: number): Labels {
  const texts = ['a', 'aa', 'B', 'é', '\u{1f600}', '\uff5e', 'z'];
  const pick = () => texts[random(texts.length)]!;
  const labels: Record<string, string> = { __name__: `m${pick()}`, n: String(i) };
  for (let n = random(4); n > 0; n--) labels[pick()] = pick();
  return labelsFrom(labels);
}

test('thousands of series stand in a block in the order of their labels, each with its own samples', async (t) => {
  const dir = temporaryFolder('cut-head-');
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const db = await Db.open({ dir, chunkRange: minute, wal: { sync: 'never' } });
  const appender = db.appender();
  const series = Array.from({ length: 9000 }, (_, i) => randomLabels(i));
  for (const time of [0, 5000, 9000, 3 * minute]) {
    for (const [i, labels] of series.entries()) {
      // Some are not in the block at all, some late among the first.
      if (i % 11 === 3 && time < minute) continue;
      appender.append(appender.series(labels), time, i + time);
    }
    appender.commit();
  }
  await db.maintain();
  const [name] = listBlocks(dir);
  assert.deepEqual(verifyBlock(path.join(dir, name!)), []);
  const set = await db.querier(0, minute).select([], { mint: 0, maxt: minute });
  const found = new Map<string, [number, number][]>();
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, 0, minute, into);
    if (into.length > 0) found.set(labelsKey(set.labels(i)), into.pairs());
  }
  const expected = [...series.entries()].filter(([i]) => i % 11 !== 3);
  assert.equal(found.size, expected.length);
  for (const [i, labels] of expected) {
    assert.deepEqual(
      found.get(labelsKey(labels)),
      [0, 5000, 9000].map((time) => [time, i + time]),
    );
  }
  await db.close();
});
