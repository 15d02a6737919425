// What a query thread does for each query of the side-by-side run, in this process and without HTTP. DIR holds blocks of
// ../shared/bench/make-blocks.mjs. Prints the least and the median CPU time in ms, and the bytes of the answer.
//   node apps/monitor/bench/queries.ts --data DIR [--hours 2] [--only id,id]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '@paddlewatch/promql';
import { Db, openShared } from '@paddlewatch/tsdb';
import { Answerer } from '../src/query/answerer.ts';
import { type Question, questionsOf } from './questions.ts';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: '/tmp/bench-data/small' },
    hours: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-queries-'));
fs.cpSync(flags.data, dir, { recursive: true });
const db = await Db.open({ dir });
const settings = { lookbackDelta: 300_000, maxSamples: 50_000_000, subqueryStep: 60_000 };
const answerer = new Answerer(createEngine(settings), openShared(db.share()));
try {
  for (const question of await questionsOf(Number(flags.hours), flags.only)) await measure(question);
} finally {
  await db.close();
  fs.rmSync(dir, { recursive: true });
}

/** As the side-by-side run: two to warm up, then ten. A thread's first queries count, most dashboards ask no more. */
async function measure({ id, job }: Question): Promise<void> {
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
  console.log(`${id.padEnd(24)} ${least} ${median} ms ${String(bytes).padStart(9)} B`);
}
