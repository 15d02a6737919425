// A million series in one database: ingestion, memory, labels and queries with all of them, in the head and in a block.
//   node libs/tsdb/bench/million.ts [--series 1000000] [--rounds 5] [--per-commit 1000]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { type Labels, labelsFrom, type Matcher } from '@paddlewatch/model';
import { SampleColumns } from '../src/chunk/sample-columns.ts';
import { Db, type DbHandle, openShared } from '../src/index.ts';

const stepMs = 15_000;
const hour = 3_600_000;
/** Far enough from the end of a block for the rounds to stand in one. */
const start = Math.floor(Date.now() / (2 * hour)) * 2 * hour;

const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;

function report(what: string, value: number, unit: string, digits = 2): void {
  console.log(`${what.padEnd(52)} ${value.toFixed(digits).padStart(12)} ${unit}`);
}

/** Seconds on the clock and of the processor. */
async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const clock = performance.now();
  const used = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  report(what, (performance.now() - clock) / 1000, `s, ${((user + system) / 1e6).toFixed(2)} CPU s`);
  return result;
}

/** A fleet of pods with a hundred series each, named as inference services name theirs. */
function labelsOf(series: number): Labels {
  const pod = Math.floor(series / 100);
  const metric = series % 100;
  return labelsFrom({
    __name__: `paddle_metric_${metric % 20}_seconds`,
    endpoint: `/v1/${Math.floor(metric / 20)}`,
    instance: `pod-${String(pod).padStart(5, '0')}:9000`,
    job: 'inference',
    model: `model-${pod % 40}`,
    zone: `zone-${pod % 4}`,
  });
}

async function ingest(db: Db, refs: Float64Array, rounds: number, perCommit: number): Promise<void> {
  const appender = db.appender();
  await timed(`${refs.length} new series`, () => {
    for (let i = 0; i < refs.length; i++) {
      refs[i] = appender.series(labelsOf(i));
      if (i % perCommit === perCommit - 1) appender.commit();
    }
    appender.commit();
  });
  for (let round = 0; round < rounds; round++) {
    await append(db, refs, perCommit, round, start + round * stepMs);
  }
}

/** A sample of every series. */
async function append(
  db: Db,
  refs: Float64Array,
  perCommit: number,
  round: number,
  t: number,
): Promise<void> {
  const appender = db.appender();
  await timed(`round ${round + 1}: ${refs.length} samples`, async () => {
    for (let i = 0; i < refs.length; i++) {
      appender.append(refs[i]!, t, (round * (i % 1000)) / 7);
      if (i % perCommit !== perCommit - 1) continue;
      appender.commit();
      if (i % 50_000 === 49_999) await new Promise((resolve) => setImmediate(resolve));
    }
    appender.commit();
  });
  report('  resident', rss() / 2 ** 20, 'MiB', 0);
}

const matcher = (name: string, value: string, type: Matcher['type'] = '='): Matcher => ({
  type,
  name,
  value,
});

interface Asking {
  readonly handle: DbHandle;
  readonly rounds: number;
}

/** The questions of a dashboard, each twice: a thread that reads makes its own postings at the first one. */
async function ask({ handle, rounds }: Asking): Promise<void> {
  const reader = openShared(handle);
  const [mint, maxt] = [start, start + rounds * stepMs];
  for (const which of ['first', 'again'] as const) {
    await timed(`${which}: label names`, () => reader.labelNames([], mint, maxt));
    await timed(`${which}: values of instance`, () => reader.labelValues('instance', [], mint, maxt));
    await timed(`${which}: values of __name__ of a model`, () =>
      reader.labelValues('__name__', [matcher('model', 'model-7')], mint, maxt),
    );
    await timed(`${which}: series of a pod`, () =>
      reader.series([matcher('instance', 'pod-00042:9000')], mint, maxt),
    );
    for (const [what, matchers] of [
      ['one metric by model', [matcher('__name__', 'paddle_metric_3_seconds')]],
      ['everything by model', [matcher('__name__', 'paddle_.*', '=~')]],
    ] as const) {
      const read = await timed(`${which}: sum of ${what}`, () => sumByModel(reader, matchers, mint, maxt));
      report('  samples read', read, '', 0);
    }
    report('  resident', rss() / 2 ** 20, 'MiB', 0);
  }
}

/** Folds series as they come, as the query engine does. Returns the number of samples. */
async function sumByModel(
  reader: ReturnType<typeof openShared>,
  matchers: readonly Matcher[],
  mint: number,
  maxt: number,
): Promise<number> {
  const querier = reader.querier(mint, maxt);
  const set = await querier.select(matchers, { mint, maxt });
  const { ids, values } = set.column('model');
  const sums = new Float64Array(values.length);
  const columns = new SampleColumns();
  let samples = 0;
  for (let i = 0; i < set.length; i++) {
    columns.clear();
    set.read(i, mint, maxt, columns);
    if (columns.length > 0) sums[ids[i]!]! += columns.v[columns.length - 1]!;
    samples += columns.length;
  }
  querier.close();
  return samples;
}

function askInThread(asking: Asking): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: asking });
  return new Promise((resolve, reject) => {
    worker.once('exit', () => resolve());
    worker.once('error', reject);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      series: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '5' },
      'per-commit': { type: 'string', default: '1000' },
    },
  });
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-million-'));
  const refs = new Float64Array(Number(values.series));
  const rounds = Number(values.rounds);
  const perCommit = Number(values['per-commit']);
  try {
    let db = await Db.open({ dir });
    await ingest(db, refs, rounds, perCommit);
    report('head', db.stats().headBytes / refs.length, 'bytes a series', 0);
    await askInThread({ handle: db.share(), rounds });
    console.log('a block of it');
    await append(db, refs, perCommit, rounds, start + 4 * hour);
    await timed('cut', () => db.maintain());
    await timed('truncate', () => db.maintain());
    report('  resident', rss() / 2 ** 20, 'MiB', 0);
    await askInThread({ handle: db.share(), rounds });
    await timed('delete one metric', () =>
      db.deleteSeries([matcher('__name__', 'paddle_metric_5_seconds')], 0, 9e15),
    );
    await timed('close', () => db.close());
    db = await timed('open again', () => Db.open({ dir }));
    report('  resident', rss() / 2 ** 20, 'MiB', 0);
    await db.close();
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

if (isMainThread) await main();
else await ask(workerData as Asking);
