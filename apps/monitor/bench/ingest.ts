// The whole scrape path: timers, HTTP, pages to samples, and the storage or none.
//   node apps/monitor/bench/ingest.ts [--targets 1000] [--series 100] [--interval 1s] [--seconds 20]
//                                     [--storage none|tsdb] [--order same|shuffled]
// CPU is of this process alone: the services are in another one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Db } from '@paddlewatch/tsdb';
import { inheritGlobals } from '../src/config/inherit.ts';
import { scrapeConfig } from '../src/config/scrape.ts';
import type { SampleAppender } from '../src/scrape/appender.ts';
import { ScrapePools } from '../src/scrape/scrape-pools.ts';
import { emptyAppender } from './empty-appender.ts';

const { values: flags } = parseArgs({
  options: {
    targets: { type: 'string', default: '1000' },
    series: { type: 'string', default: '100' },
    interval: { type: 'string', default: '1s' },
    seconds: { type: 'string', default: '20' },
    storage: { type: 'string', default: 'none' },
    order: { type: 'string', default: 'same' },
  },
});
const exporter = spawn(
  process.execPath,
  [path.join(import.meta.dirname, 'exporter.ts'), flags.targets, flags.series, flags.order],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [port] = await once(createInterface(exporter.stdout), 'line');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ingest-bench-'));
const db = flags.storage === 'tsdb' ? await Db.open({ dir }) : undefined;
const counted = counting(db?.appender() ?? emptyAppender());
const pools = new ScrapePools({ appender: counted.appender, folder: '.' });
const job = scrapeConfig.parse({
  job_name: 'paddle',
  scrape_interval: flags.interval,
  scrape_timeout: flags.interval,
  static_configs: Array.from({ length: Number(flags.targets) }, (_, i) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { __metrics_path__: `/t/${i}/metrics`, instance: `pod-${i}` },
  })),
});
const firstSight = process.cpuUsage();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await pools.update([inheritGlobals(job, {})]);
// Twice as many as series: every target was scraped, and once more.
const series = Number(flags.targets) * Number(flags.series);
while (counted.samples() < 2 * series) await setTimeout(50);
report('first two scrapes', cpuSeconds(firstSight) / (counted.samples() / 1e6), 'CPU s per million');
report('loop held at most', delay.max / 1e6, 'ms');

globalThis.gc?.();
delay.reset();
const before = { cpu: process.cpuUsage(), samples: counted.samples(), commits: counted.commits() };
await setTimeout(Number(flags.seconds) * 1000);
const samples = counted.samples() - before.samples;
const cpu = cpuSeconds(before.cpu);
report('samples', samples / Number(flags.seconds), 'a second');
report('CPU', cpu / (samples / 1e6), 's per million');
report('CPU', (cpu / (counted.commits() - before.commits)) * 1e6, 'µs a scrape');
report('loop held at most', delay.max / 1e6, 'ms');
report('resident memory', process.memoryUsage.rss() / series, 'bytes a series');
report('scrapes that failed', pools.active().filter(({ health }) => health !== 'up').length, '');

await pools.stop();
await db?.close();
exporter.kill();
fs.rmSync(dir, { recursive: true });

function report(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(24)} ${value.toFixed(2).padStart(12)} ${unit}`);
}

/** User and system. */
function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function counting(inner: SampleAppender) {
  let samples = 0;
  let commits = 0;
  const appender: SampleAppender = {
    get pending() {
      return inner.pending;
    },
    series: (labels) => inner.series(labels),
    append(ref, t, value) {
      samples++;
      inner.append(ref, t, value);
    },
    appendStale: (ref, t) => inner.appendStale(ref, t),
    appendHistogram: (ref, t, histogram) => inner.appendHistogram(ref, t, histogram),
    keepsExemplars: inner.keepsExemplars,
    appendExemplar: (ref, exemplar) => inner.appendExemplar(ref, exemplar),
    commit() {
      commits++;
      return inner.commit();
    },
    begin: () => inner.begin(),
    undo: () => inner.undo(),
    rollback: () => inner.rollback(),
  };
  return { appender, samples: () => samples, commits: () => commits };
}
