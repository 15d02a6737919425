// Ingestion, replay, opening and decoding of the head, without scraping.
//   node libs/tsdb/bench/head.ts [--series 100000] [--steps 40] [--per-commit 100] [--compression snappy]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Db, openShared, type WalCompression } from '../src/index.ts';
import { TestSamples } from '../test/samples.ts';
import { Pod, seriesPerPod } from './fleet.ts';

const { values: flags } = parseArgs({
  options: {
    series: { type: 'string', default: '100000' },
    steps: { type: 'string', default: '40' },
    'per-commit': { type: 'string', default: '100' },
    compression: { type: 'string', default: 'snappy' },
  },
});
const series = Number(flags.series);
const steps = Number(flags.steps);
const podsPerCommit = Number(flags['per-commit']) / seriesPerPod;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-bench-'));
const samples = series * steps;

const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
const report = (name: string, value: number, unit: string) =>
  console.log(`${name.padEnd(34)} ${value.toFixed(3).padStart(10)} ${unit}`);
/** CPU seconds of the process, system included. */
function cpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const pods = Array.from({ length: series / seriesPerPod }, (_, i) => new Pod(i));
const idle = rss();
let db = await Db.open({ dir, wal: { compression: flags.compression as WalCompression } });
const appender = db.appender();
const refs = new Float64Array(series);
const creation = cpu(() => {
  for (const [i, pod] of pods.entries()) {
    for (const [k, labels] of pod.labels.entries()) refs[i * seriesPerPod + k] = appender.series(labels);
    appender.commit();
  }
});
report('new series', (creation / series) * 1e6, 'CPU µs each');

let appending = 0;
const walFiles = () => fs.readdirSync(path.join(dir, 'wal')).map((name) => path.join(dir, 'wal', name));
const walBytes = () => walFiles().reduce((sum, file) => sum + fs.statSync(file).size, 0);
const seriesBytes = walBytes();
for (let step = 0; step < steps; step++) {
  for (const pod of pods) pod.step();
  appending += cpu(() => {
    for (let first = 0; first < pods.length; first += podsPerCommit) {
      const t = 1_700_000_000_000 + step * 15_000 + (first % 15_000);
      for (let i = first; i < first + podsPerCommit; i++) {
        const { values } = pods[i]!;
        const base = i * seriesPerPod;
        for (let k = 0; k < seriesPerPod; k++) appender.append(refs[base + k]!, t, values[k]!);
      }
      appender.commit();
    }
  });
}
report('append + log', (appending / samples) * 1e6, 'CPU s per million');
globalThis.gc?.();
report('resident memory', (rss() - idle) / series, 'bytes a series');
report('head memory', db.stats().headBytes / series, 'bytes a series');
report('log of samples', (walBytes() - seriesBytes) / samples, 'bytes a sample');
report('log of series', seriesBytes / series, 'bytes a series');

const reader = openShared(db.share());
const hints = { mint: 0, maxt: Infinity };
const open = async (name: string) => {
  const before = performance.now();
  const set = await reader
    .querier(0, Infinity)
    .select([{ type: '=~', name: '__name__', value: 'paddle_.*' }], hints);
  const selected = performance.now();
  set.column('model');
  report(`${name}: select ${set.length}`, selected - before, 'ms');
  report(`${name}: column`, performance.now() - selected, 'ms');
  return set;
};
await open('first open');
await open('second open');
const set = await open('third open');
const into = new TestSamples(1024);
for (let round = 0; round < 2; round++) {
  let decoded = 0;
  const seconds = cpu(() => {
    for (let i = 0; i < set.length; i++) {
      into.length = 0;
      set.read(i, 0, Infinity, into);
      decoded += into.length;
    }
  });
  report('decode', decoded / seconds / 1e6, 'million samples a second');
}
await db.close();

const before = performance.now();
const used = process.cpuUsage();
db = await Db.open({ dir });
report('replay', ((performance.now() - before) / samples) * 1e6, 'ms per million');
const { user, system } = process.cpuUsage(used);
report('replay, CPU', ((user + system) / 1e3 / samples) * 1e6, 'ms per million');
await db.close();
fs.rmSync(dir, { recursive: true });
