import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { Db } from '../src/index.ts';
import { dumpOurs, dumpTheirs } from './dumps.ts';
import { noPrometheus, startPrometheus } from './real-prometheus.ts';

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-prometheus-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const hour = 3_600_000;

test('a real Prometheus reads our log to the last sample', { skip: noPrometheus }, async (t) => {
  const home = tempDir(t);
  const dir = path.join(home, 'data');
  const end = Date.now();
  const start = end - 100 * 15_000;
  const db = await Db.open({ dir, wal: { compression: 'snappy', segmentSize: 256 * 1024 } });
  const appender = db.appender();
  for (let step = 0; step <= 100; step++) {
    for (let i = 0; i < 300; i++) {
      const ref = appender.series(
        labelsFrom({ __name__: `m_${i % 7}`, i: String(i), ümlaut: i % 2 ? 'ä→ß' : '' }),
      );
      if (step === 70 && i % 5 === 0) appender.appendStale(ref, start + step * 15_000);
      else appender.append(ref, start + step * 15_000 + (i % 3), i % 4 === 0 ? step * i : Math.tan(step * i));
    }
    appender.append(
      appender.series(labelsFrom({ __name__: 'special' })),
      start + step * 15_000,
      [NaN, Infinity, -Infinity, -0, 5e-324][step % 5]!,
    );
    appender.commit();
  }
  const ours = await dumpOurs(db, start, end);
  await db.close();
  fs.rmSync(path.join(dir, 'lock'), { force: true });
  const prometheus = await startPrometheus(home, dir, 'global: {}\n');
  t.after(() => prometheus.kill('SIGKILL'));
  const theirs = await dumpTheirs(prometheus, end, '1h');
  assert.equal(theirs.size, 301);
  assert.deepEqual(theirs, ours);
});

test('we read the log of a Prometheus that was killed', { skip: noPrometheus }, async (t) => {
  const home = tempDir(t);
  let scrapes = 0;
  const server = http.createServer((_, response) => {
    scrapes++;
    const lines = Array.from(
      { length: 200 },
      (_, i) => `m_${i % 9}{i="${i}"} ${i % 3 ? scrapes * i : Math.sin(scrapes + i)}`,
    );
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines.join('\n')}\nblinking${scrapes % 2 ? '' : '{other="1"}'} NaN\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const prometheus = await startPrometheus(
    home,
    path.join(home, 'data'),
    `global: {scrape_interval: 50ms, scrape_timeout: 50ms}
scrape_configs: [{job_name: t, static_configs: [{targets: ["127.0.0.1:${port}"]}]}]
`,
  );
  t.after(() => prometheus.kill('SIGKILL'));
  const scraped = async (n: number) => {
    while (scrapes < n) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await scraped(30);
  const end = Date.now();
  // A target's scrapes come one after the other: what began by then is stored when the next but one begins.
  await scraped(scrapes + 2);
  const theirs = await dumpTheirs(prometheus, end, '1h');
  await prometheus.kill('SIGKILL');
  const db = await Db.open({ dir: prometheus.dir });
  const ours = await dumpOurs(db, end - hour, end);
  await db.close();
  assert.ok(theirs.size > 200);
  assert.deepEqual(ours, theirs);
});
