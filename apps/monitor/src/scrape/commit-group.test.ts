import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Registry } from '@paddlewatch/metrics';
import { SimulatedClock } from '@paddlewatch/model';
import { Db } from '@paddlewatch/tsdb';
import { Agenda } from './agenda.ts';
import { CommitGroup } from './commit-group.ts';
import { MemoryAppender } from './memory-appender.ts';
import { scrapeMetrics } from './metrics.ts';

const start = 1_700_000_000_000;

function groupOver<T extends MemoryAppender>(appender: T) {
  const clock = new SimulatedClock(start);
  const metrics = scrapeMetrics(new Registry());
  const group = new CommitGroup(appender, metrics, clock, new Agenda(clock));
  const outcomes: string[] = [];
  const ref = appender.series(['__name__', 'a']);
  const add = (name: string) => {
    group.appender.append(ref, clock.now(), appender.pending);
    group.add({
      onCommit: (fault) => outcomes.push(`${name} ${fault?.message ?? 'stored'}`),
      forget: () => outcomes.push(`${name} forgets`),
    });
  };
  return { group, clock, appender, add, outcomes };
}

test('a scrape that comes alone is stored at once, those that follow together', async () => {
  const { clock, appender, add, outcomes } = groupOver(new MemoryAppender());
  add('a');
  assert.deepEqual(outcomes.splice(0), ['a stored']);
  await clock.advance(10);
  add('b');
  await clock.advance(10);
  add('c');
  assert.equal(appender.stored.length, 1);
  await clock.advance(30);
  assert.deepEqual(outcomes, ['b stored', 'c stored']);
  assert.deepEqual(
    appender.stored.map(([, t]) => t - start),
    [0, 10, 20],
  );
});

test('many samples do not wait', async () => {
  const { clock, appender, add, outcomes } = groupOver(new MemoryAppender());
  add('a');
  await clock.advance(1);
  for (let i = 0; i < 10_000; i++) appender.append(0, start + 2 + i, i);
  add('b');
  assert.deepEqual(outcomes, ['a stored', 'b stored']);
});

test('what waits is stored when scraping ends', async () => {
  const { group, clock, add, outcomes } = groupOver(new MemoryAppender());
  add('a');
  await clock.advance(1);
  add('b');
  group.commit();
  assert.deepEqual(outcomes, ['a stored', 'b stored']);
  assert.equal(clock.pending, 0);
});

test('where the storage fails, all scrapes of the group hear it, and nothing of them is left', async () => {
  class FullDisk extends MemoryAppender {
    full = false;
    override commit() {
      if (this.full) throw new Error('no space');
      return super.commit();
    }
  }
  const { clock, appender, add, outcomes } = groupOver(new FullDisk());
  add('a');
  appender.full = true;
  await clock.advance(10);
  add('b');
  add('c');
  await clock.advance(50);
  const expected = ['a stored', 'b forgets', 'c forgets', 'b no space', 'c no space'];
  assert.deepEqual(outcomes.splice(0), expected);
  assert.equal(appender.pending, 0);
  appender.full = false;
  await clock.advance(50);
  add('d');
  assert.deepEqual(outcomes, ['d stored']);
});

test('references of series that the storage dropped are asked for anew', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'commit-group-'));
  const hour = 3_600_000;
  let now = start;
  const db = await Db.open({ dir, now: () => now });
  t.after(async () => {
    await db.close();
    rmSync(dir, { recursive: true });
  });
  const clock = new SimulatedClock(start);
  const metrics = scrapeMetrics(new Registry());
  const group = new CommitGroup(db.appender(), metrics, clock, new Agenda(clock));
  const labels = ['__name__', 'a'];
  let ref: number | undefined;
  const scrape = async () => {
    ref ??= group.appender.series(labels);
    group.appender.append(ref, clock.now(), 1);
    group.add({ onCommit: assert.ifError, forget: () => (ref = undefined) });
    await clock.advance(hour);
    now = clock.now();
  };
  await scrape();
  await db.truncate(now);
  assert.equal(db.stats().series, 0);
  await scrape();
  assert.equal(ref, undefined);
  await scrape();
  assert.equal(db.stats().series, 1);
});
