// What a second query thread is worth: each query of the side-by-side run by a service with one thread for callers and
// by one with two, in turns, without HTTP. DIR holds blocks of ../shared/bench/make-blocks.mjs. Prints the median wall
// time of both in ms; on a machine with less than two idle cores it says nothing.
//   node apps/monitor/bench/pair.ts [--data DIR] [--hours 2] [--only id,id] [--runs 10]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '@paddlewatch/model';
import { Db } from '@paddlewatch/tsdb';
import { QueryService } from '../src/query/query-service.ts';
import { type Question, questionsOf } from './questions.ts';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: '/tmp/bench-data/small' },
    hours: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '10' },
  },
});

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-pair-'));
fs.cpSync(flags.data, dir, { recursive: true });
const db = await Db.open({ dir });
const [alone, pair] = [1, 2].map(
  (maxConcurrency) =>
    new QueryService({
      clock: systemClock,
      db,
      engine: { lookbackDelta: 300_000, maxSamples: 50_000_000, subqueryStep: 60_000 },
      timeout: 60_000,
      maxConcurrency,
    }),
) as [QueryService, QueryService];
try {
  let logs = 0;
  const questions = (await questionsOf(Number(flags.hours), flags.only)).filter(
    ({ job }) => job.kind === 'instant' || job.kind === 'range',
  );
  for (const question of questions) logs += await measure(question);
  console.log(`geometric mean ${Math.exp(logs / questions.length).toFixed(3)}`);
} finally {
  await Promise.all([alone.close(), pair.close()]);
  await db.close();
  fs.rmSync(dir, { recursive: true });
}

/** Two runs to warm up, then the others. */
async function measure({ id, job }: Question): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let run = -2; run < Number(flags.runs); run++) {
    for (const [i, service] of [alone, pair].entries()) {
      const before = performance.now();
      await service.answer(job, { timeout: 60_000, signal: new AbortController().signal });
      if (run >= 0) times[i]!.push(performance.now() - before);
    }
  }
  const [one, two] = times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]!) as [number, number];
  const shown = [one, two].map((ms) => ms.toFixed(2).padStart(9)).join(' ');
  console.log(`${id.padEnd(24)} ${shown} ms ${(two / one).toFixed(2)}`);
  return Math.log(two / one);
}
