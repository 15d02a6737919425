import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom, type Matcher } from '@paddlewatch/model';
import { listBlocks } from '../src/block/block-list.ts';
import { readMeta } from '../src/block/meta.ts';
import { Db } from '../src/index.ts';
import { dumpOurs, dumpTheirs } from './dumps.ts';
import { noPrometheus, startPrometheus } from './real-prometheus.ts';

const minute = 60_000;
const hour = 60 * minute;
const window = '60h';
const seriesCount = 30;
const ours: Matcher[] = [{ type: '=', name: '__name__', value: 'm' }];

/** Hours of samples: counters, gauges, staleness, series that come late and end early. */
function fill(db: Db, from: number, to: number): void {
  const appender = db.appender();
  for (let t = from; t < to; t += minute) {
    const k = t / minute;
    for (let i = 0; i < seriesCount; i++) {
      if (i % 7 === 3 && Math.floor(t / (5 * hour)) % 2 === 0) continue;
      const ref = appender.series(labelsFrom({ __name__: 'm', i: String(i), zone: i % 2 ? 'a' : '' }));
      if (k % 97 === i) appender.appendStale(ref, t + i);
      else appender.append(ref, t + i, i % 3 === 0 ? k * i : Math.sin(k + i));
    }
    appender.commit();
  }
}

const named = (i: number): Matcher[] => [...ours, { type: '=', name: 'i', value: String(i) }];

/** A scrape lets Prometheus look whether its head is to be compacted. */
async function scraped(t: { after(fn: () => void): void }): Promise<string> {
  const server = http.createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end('trigger 1\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function metas(dir: string) {
  return listBlocks(dir).map((name) => readMeta(path.join(dir, name)));
}

test('a Prometheus server goes on with our folder, and we with what it makes of it', {
  skip: noPrometheus,
}, async (t) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-folder-'));
  t.after(() => fs.rmSync(home, { recursive: true, force: true }));
  const dir = path.join(home, 'data');
  const now = Date.now();
  const start = now - 56 * hour;
  let db = await Db.open({ dir });
  // Ten hours beyond the last whole 18: blocks of 2, of 6 and of 18 or 54 hours, whatever the time of day.
  const middle = Math.floor((now - 18 * hour) / (18 * hour)) * 18 * hour + 10 * hour;
  fill(db, start, middle);
  await db.maintain();
  await db.maintain();
  await db.deleteSeries(named(4), start + 3 * hour, start + 20 * hour);
  await db.deleteSeries(named(5), start, now);
  fill(db, middle, now - minute);
  await db.deleteSeries(named(6), now - 5 * hour, now - hour);
  await db.deleteSeries(named(7), start, now);
  const levels = new Set(metas(dir).map(({ compaction }) => compaction.level));
  assert.ok(levels.has(1) && levels.has(2) && levels.size > 2, `levels ${[...levels]}`);
  const expected = await dumpOurs(db, start, now, ours);
  assert.equal(expected.size, seriesCount - 1, 'of one series nothing is left');
  await db.close();
  fs.rmSync(path.join(dir, 'lock'), { force: true });

  const before = metas(dir);
  const prometheus = await startPrometheus(
    home,
    dir,
    `global: {scrape_interval: 100ms, scrape_timeout: 100ms}
scrape_configs: [{job_name: t, static_configs: [{targets: ["${await scraped(t)}"]}]}]
`,
  );
  t.after(() => prometheus.kill('SIGKILL'));
  assert.deepEqual(await dumpTheirs(prometheus, now, window, 'm'), expected, 'as it reads our folder');
  // It cuts the head that it replayed from our log, and joins blocks of ours with its own.
  const ends = () => Math.max(...metas(dir).map(({ maxTime }) => maxTime));
  while (ends() < now - 4 * hour || metas(dir).every(({ ulid }) => before.some((one) => one.ulid === ulid))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(await dumpTheirs(prometheus, now, window, 'm'), expected, 'when it has cut blocks');
  await prometheus.kill('SIGTERM');

  db = await Db.open({ dir });
  assert.deepEqual(await dumpOurs(db, start, now, ours), expected, 'as we read its folder');
  await db.maintain();
  await db.cleanTombstones();
  assert.deepEqual(await dumpOurs(db, start, now, ours), expected, 'when we have compacted it further');
  await db.close();
});
