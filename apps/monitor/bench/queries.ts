// What a query thread does for each query of the side-by-side run, in this process and without HTTP. DIR holds blocks of
// ../shared/bench/make-blocks.mjs. Prints the least and the median CPU time in ms, and the bytes of the answer.
//   node apps/monitor/bench/queries.ts --data DIR [--hours 2] [--only id,id]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createEngine, parseQuery } from '@paddlewatch/promql';
import { Db, openShared } from '@paddlewatch/tsdb';
import { Answerer } from '../src/query/answerer.ts';
import type { Job } from '../src/query/job.ts';

interface BenchQuery {
  readonly id: string;
  /** i: instant; r15, r60: range at that step; api: a path. */
  readonly kind: string;
  readonly expr: string;
}

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: '/tmp/bench-data/small' },
    hours: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});
const shared = (file: string) => import(pathToFileURL(path.resolve('../shared/bench', file)).href);
const { QUERIES } = (await shared('queries.mjs')) as { QUERIES: readonly BenchQuery[] };
const { T0 } = (await shared('fleet.mjs')) as { T0: number };
const start = (T0 + 300) * 1000;
const end = (T0 + Number(flags.hours) * 3600 - 60) * 1000;
const wanted = flags.only.split(',').filter((id) => id !== '');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-queries-'));
fs.cpSync(flags.data, dir, { recursive: true });
const db = await Db.open({ dir });
const settings = { lookbackDelta: 300_000, maxSamples: 50_000_000, subqueryStep: 60_000 };
const answerer = new Answerer(createEngine(settings), openShared(db.share()));
try {
  for (const query of QUERIES)
    if (wanted.length === 0 || wanted.includes(query.id)) await measure(query.id, jobOf(query));
} finally {
  await db.close();
  fs.rmSync(dir, { recursive: true });
}

function jobOf({ kind, expr }: BenchQuery): Job {
  if (kind === 'i') return { kind: 'instant', query: expr, time: end, limit: 0 };
  if (kind !== 'api')
    return { kind: 'range', query: expr, start, end, step: 1000 * Number(kind.slice(1)), limit: 0 };
  const [, name] = /label\/(\w+)\/values/.exec(expr) ?? [];
  const common = { mint: start, maxt: end, limit: 0 };
  if (name !== undefined) return { kind: 'values', name, selectors: [], ...common };
  const selector = parseQuery(expr.slice(expr.indexOf('=') + 1));
  if (selector.kind !== 'vector') throw new TypeError(`cannot measure ${expr}: it is no selector`);
  return { kind: 'series', selectors: [selector.matchers], ...common };
}

/** As the side-by-side run: two to warm up, then ten. A thread's first queries count, most dashboards ask no more. */
async function measure(name: string, job: Job): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  for (let run = -2; run < 10; run++) {
    const before = process.cpuUsage();
    const answer = await answerer.answer(
      { id: 0, job, shape: 'bytes', timeout: 60_000, waited: 0 },
      { signal: { aborted: false }, partner: () => undefined },
    );
    const { user, system } = process.cpuUsage(before);
    if (run >= 0) times.push((user + system) / 1000);
    if ('bytes' in answer) bytes = answer.bytes.length;
  }
  times.sort((a, b) => a - b);
  const [least, median] = [times[0]!, times[5]!].map((ms) => ms.toFixed(2).padStart(9));
  console.log(`${name.padEnd(24)} ${least} ${median} ms ${String(bytes).padStart(9)} B`);
}
