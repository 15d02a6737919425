import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom, SimulatedClock } from '@paddlewatch/model';
import { Db } from '@paddlewatch/tsdb';
import { Retention } from './retention.ts';

const hour = 3_600_000;

test('series that ended before the retention are forgotten, others stay', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'paddlewatch-retention-'));
  const start = 1_700_000_000_000;
  const clock = new SimulatedClock(start);
  const db = await Db.open({ dir, now: () => clock.now() });
  t.after(async () => {
    await db.close();
    rmSync(dir, { recursive: true });
  });
  const append = (name: string, at: number) => {
    const appender = db.appender();
    appender.append(appender.series(labelsFrom({ __name__: name })), at, 1);
    appender.commit();
  };
  append('old', start);
  append('new', start);
  append('new', start + 9.5 * hour);
  const retention = new Retention({ storage: db, clock, age: 5 * hour, log: assert.fail });
  await clock.advance(4 * hour);
  assert.equal(db.stats().series, 2);
  await clock.advance(6 * hour);
  await retention.stop();
  const names = async () => db.labelValues('__name__', [], 0, Number.MAX_SAFE_INTEGER);
  assert.deepEqual(await names(), ['new']);
});
