// From a page's bytes to the storage's references, without HTTP: a page in the order of the last one, a page in another
// order, and a page of a target that was never seen; then the storage's part of the first sight.
//   node apps/monitor/bench/page.ts [--series 1000]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Db } from '@paddlewatch/tsdb';
import { inheritGlobals } from '../src/config/inherit.ts';
import { scrapeConfig } from '../src/config/scrape.ts';
import type { SampleAppender } from '../src/scrape/appender.ts';
import { ingestPage } from '../src/scrape/page-ingest.ts';
import { SeriesCache } from '../src/scrape/series-cache.ts';
import { emptyAppender } from './empty-appender.ts';
import { ServicePage } from './fleet.ts';

const { values: flags } = parseArgs({ options: { series: { type: 'string', default: '1000' } } });
const series = Number(flags.series);
/** Samples to measure. */
const enough = 300_000;
const settings = inheritGlobals(scrapeConfig.parse({ job_name: 'paddle' }), {});
const pages = (count: number, shuffled: boolean) => {
  const service = new ServicePage(0, series);
  return Array.from({ length: count }, () => Buffer.from(service.render(shuffled)));
};

for (const [name, shuffled] of [
  ['same order', false],
  ['another order', true],
] as const) {
  const cache = new SeriesCache();
  const appender = emptyAppender();
  const few = pages(4, shuffled);
  measure(name, (i) => {
    take(cache, few[i % few.length]!, appender, ['instance', 'a'], i);
    return series;
  });
}
const [page] = pages(1, false);
measure('first sight', (i) => {
  take(new SeriesCache(), page!, emptyAppender(), ['instance', `pod-${i}`], i);
  return series;
});

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'page-bench-'));
const db = await Db.open({ dir });
const appender = db.appender();
measure('first sight, stored', (i) => {
  take(new SeriesCache(), page!, appender, ['instance', `pod-${i}`], 1_700_000_000_000 + i);
  appender.commit();
  return series;
});
await db.close();
fs.rmSync(dir, { recursive: true });

function take(
  cache: SeriesCache,
  page: Buffer,
  appender: SampleAppender,
  target: string[],
  time: number,
): void {
  cache.open(page, 'text');
  ingestPage(cache, appender, target, settings, time);
  cache.close();
}

/** @param round does its work and says how many samples it was */
function measure(name: string, round: (i: number) => number): void {
  let warm = 0;
  for (let samples = 0; samples < enough / 5; warm++) samples += round(warm);
  const before = process.cpuUsage();
  let samples = 0;
  for (let i = warm; samples < enough; i++) samples += round(i);
  const { user, system } = process.cpuUsage(before);
  console.log(`${name.padEnd(20)} ${((user + system) / samples).toFixed(3).padStart(8)} CPU µs a sample`);
}
