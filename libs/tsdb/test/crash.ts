// Kills an ingesting process at random moments and looks for every acknowledged sample and deletion afterwards.
//   node libs/tsdb/test/crash.ts --rounds 1000 [--seed 1]
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  bucketsFrom,
  type FloatHistogram,
  formatHistogram,
  histogramOf,
  type Matcher,
} from '@paddlewatch/model';
import { listBlocks } from '../src/block/block-list.ts';
import { readMeta } from '../src/block/meta.ts';
import { Db, type DbOptions, type WalCompression } from '../src/index.ts';
import { type Random, randomFrom } from './random.ts';
import { TestSamples } from './samples.ts';

export const crashSeries = 64;
export const stepMs = 15_000;
/** Milliseconds: enough for a block to be cut by its thread. */
const longestLife = 1500;
/** One life in so many ends at any moment from its start on, opening included. */
const earlyDeath = 8;
/** After so many crashes the folder begins anew, so that a check stays short. */
const crashesPerFolder = 20;

/** A block for forty commits, so that every round cuts some. */
export function crashOptions(dir: string, compression: WalCompression = 'snappy'): DbOptions {
  return {
    dir,
    chunkRange: 40 * stepMs,
    outOfOrderWindow: 10 * stepMs,
    maxExemplars: 1000,
    wal: { segmentSize: 64 * 1024, compression },
  };
}

/** The series with an exemplar in each commit. */
export const exemplarSeries = 10;

/** The last four series are of native histograms, the last one late. */
export function isHistogram(series: number): boolean {
  return series >= 60;
}

/** Whole counts and floats by turns, with buckets that come and go, and counter resets. */
export function crashHistogram(series: number, step: number): FloatHistogram {
  const unit = series % 2 === 0 ? 1 : 0.25;
  const counts = Array.from({ length: 1 + (step % 5) }, (_, k) => unit * (1 + ((7 * step + k) % 11)));
  const count = counts.reduce((sum, one) => sum + one, 0);
  return histogramOf({ count, sum: step, positive: bucketsFrom((step >> 4) % 3, counts) });
}

export function crashValue(series: number, step: number): number {
  return series % 3 === 0 ? step : Math.fround(Math.sin(series + step * 0.01) * 1000);
}

/** Series whose samples come in the order 3 2 1 0, 7 6 5 4, … */
export function isLate(series: number): boolean {
  return (series >= 50 && series < 55) || series === crashSeries - 1;
}

/** The step of a late series in commit k, and the commit of such a step. */
export function lateStep(k: number): number {
  return k ^ 3;
}

/** Series of which something is deleted now and then. */
function isDeletedFrom(series: number): boolean {
  return series >= 20 && series < 25;
}

export const deletedMatcher: Matcher = { type: '=~', name: 'i', value: '2[0-4]' };

interface Steps {
  readonly from: number;
  readonly to: number;
}

/** The steps that are deleted behind commit k; most reach from blocks into the head. */
export function deletionAt(k: number): Steps | undefined {
  return k % 50 === 25 ? { from: k - 45 - (k % 7) * 9, to: k - 3 } : undefined;
}

export interface CrashCount {
  rounds: number;
  blocks: number;
  acknowledged: number;
  deletions: number;
  repairs: number;
}

/** What a folder must hold: every commit up to `last`, without what these deletions took. */
interface Told {
  last: number;
  readonly deletions: Set<number>;
}

/** @throws Error where an acknowledged sample is missing, changed, doubled or undeleted, or a commit is there in part. */
export async function crash(
  rounds: number,
  seed: number,
  progress: (count: CrashCount) => void = () => undefined,
): Promise<CrashCount> {
  const count: CrashCount = { rounds: 0, blocks: 0, acknowledged: 0, deletions: 0, repairs: 0 };
  const random = randomFrom(seed);
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-crash-'));
  const code = path.join(home, 'code');
  spawnSync(process.execPath, [program], { env: childEnvironment(code) });
  try {
    while (count.rounds < rounds) {
      const dir = path.join(home, `from-round-${count.rounds}`);
      fs.mkdirSync(dir);
      const told: Told = { last: 0, deletions: new Set() };
      for (let n = Math.min(crashesPerFolder, rounds - count.rounds); n > 0; n--) {
        const before = told.last;
        await killedIngestion(dir, told, random, code);
        count.rounds++;
        count.acknowledged += Math.max(0, told.last - before) * crashSeries;
        told.last = await check(dir, told, count);
      }
      count.deletions += told.deletions.size;
      progress(count);
      fs.rmSync(dir, { recursive: true });
    }
  } finally {
    fs.rmSync(home, { recursive: true });
  }
  return count;
}

const program = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Children begin three times sooner where they find their code compiled. One that is killed leaves none. */
function childEnvironment(code: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: code };
}

/** Runs the child, kills it some time after its first acknowledgement, and takes in what it told. */
async function killedIngestion(dir: string, told: Told, random: Random, code: string): Promise<void> {
  const acknowledgements = path.join(dir, 'acknowledged.txt');
  const compression = random(2) === 0 ? 'snappy' : 'zstd';
  const child = spawn(
    process.execPath,
    [program, dir, String(told.last + 1), acknowledgements, compression],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: childEnvironment(code),
    },
  );
  const kill = () => setTimeout(() => child.kill('SIGKILL'), random(longestLife));
  if (random(earlyDeath) === 0) kill();
  else child.stdout.once('data', kill);
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  if (signal !== 'SIGKILL') throw new Error(`cannot run the crash child: it ended by itself (${signal})`);
  if (!fs.existsSync(acknowledgements)) return;
  // The last piece is empty, or a line that was not finished.
  for (const line of fs.readFileSync(acknowledgements, 'utf8').split('\n').slice(0, -1)) {
    const [, deletion] = line.split(' ');
    if (deletion) told.deletions.add(Number(deletion));
    else told.last = Math.max(told.last, Number(line));
  }
}

/** Returns the number of the last commit that is there. */
async function check(dir: string, told: Told, count: CrashCount): Promise<number> {
  count.blocks += fs.readdirSync(dir).filter((name) => name.length === 26).length;
  const db = await Db.open({ ...crashOptions(dir), log: () => count.repairs++ });
  try {
    const steps = await readSteps(db);
    const last = checkCommits(steps, told.last);
    for (let i = 0; i < crashSeries; i++) {
      const seen = steps.get(i) ?? new Set();
      if (isLate(i)) checkLate(i, seen, told.last);
      else if (isDeletedFrom(i)) checkDeletions(i, seen, told, last);
    }
    checkExemplars(db, dir, told.last);
    return last;
  } finally {
    await db.close();
  }
}

/** The steps of each series that have a sample. */
async function readSteps(db: Db): Promise<Map<number, Set<number>>> {
  const set = await db.querier(-Infinity, Infinity).select([], { mint: -Infinity, maxt: Infinity });
  const into = new TestSamples();
  const steps = new Map<number, Set<number>>();
  for (let s = 0; s < set.length; s++) {
    const i = Number(set.labels(s)[3]);
    const seen = steps.get(i) ?? new Set();
    steps.set(i, seen);
    into.length = 0;
    into.histograms.length = 0;
    set.read(s, -Infinity, Infinity, into);
    for (let n = 0; n < into.length; n++) {
      const step = into.t[n]! / stepMs;
      const value = sampleText(into, n);
      const expected = isHistogram(i)
        ? formatHistogram(crashHistogram(i, step))
        : String(crashValue(i, step));
      if (value !== expected) throw new Error(`${set.labels(s)} has ${value} in step ${step}`);
      if (seen.has(step)) throw new Error(`${set.labels(s)} has step ${step} twice`);
      seen.add(step);
    }
  }
  return steps;
}

function sampleText(samples: TestSamples, place: number): string {
  const histogram = samples.histograms[place] as FloatHistogram | undefined;
  return histogram ? formatHistogram(histogram) : String(samples.v[place]);
}

/** Of exemplars the log keeps those that are newer than blocks. */
function checkExemplars(db: Db, dir: string, acknowledged: number): void {
  const [found] = db.exemplars([[{ type: '=', name: 'i', value: String(exemplarSeries) }]], 0, Infinity);
  const steps = new Set((found?.exemplars ?? []).map(({ t }) => t / stepMs));
  const ends = listBlocks(dir).map((name) => readMeta(path.join(dir, name)).maxTime);
  for (let k = Math.max(1, ...ends.map((end) => Math.ceil(end / stepMs))); k <= acknowledged; k++) {
    if (!steps.has(k)) throw new Error(`the exemplar of commit ${k} was acknowledged and is missing`);
  }
  for (const { t, value, labels } of found?.exemplars ?? []) {
    if (value !== t / stepMs || labels[1] !== String(value))
      throw new Error(`an exemplar of ${t} has ${labels}`);
  }
}

/** Of the plain series commits are there whole, all those that were acknowledged; returns the last one. */
function checkCommits(steps: Map<number, Set<number>>, acknowledged: number): number {
  const plain = Array.from({ length: crashSeries }, (_, i) => i).filter(
    (i) => !isLate(i) && !isDeletedFrom(i),
  );
  const seen = new Map<number, number>();
  for (const i of plain) for (const k of steps.get(i) ?? []) seen.set(k, (seen.get(k) ?? 0) + 1);
  for (let k = 1; k <= acknowledged; k++) {
    if (seen.get(k) !== plain.length) {
      throw new Error(`commit ${k} was acknowledged: ${seen.get(k) ?? 0} samples left`);
    }
  }
  for (const [k, n] of seen) {
    if (n !== plain.length) throw new Error(`commit ${k} is there in part: ${n} samples`);
  }
  return Math.max(0, ...seen.keys());
}

function checkLate(series: number, seen: Set<number>, acknowledged: number): void {
  for (let k = 1; k <= acknowledged; k++) {
    if (!seen.has(lateStep(k))) {
      throw new Error(`series ${series} lacks step ${lateStep(k)}, which was late in commit ${k}`);
    }
  }
}

/** A deletion that was not acknowledged may be there, or in part. */
function checkDeletions(series: number, seen: Set<number>, told: Told, last: number): void {
  const gone = new Set<number>();
  const doubtful = new Set<number>();
  for (let k = 1; k <= last; k++) {
    const deletion = deletionAt(k);
    if (!deletion) continue;
    const into = told.deletions.has(k) ? gone : doubtful;
    for (let step = deletion.from; step <= deletion.to; step++) into.add(step);
  }
  for (let step = 1; step <= told.last; step++) {
    if (gone.has(step) && seen.has(step))
      throw new Error(`series ${series} has step ${step}, deleted before`);
    if (!gone.has(step) && !doubtful.has(step) && !seen.has(step)) {
      throw new Error(`series ${series} lacks step ${step}, which nobody deleted`);
    }
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  });
  const before = performance.now();
  const tell = (count: CrashCount) => {
    console.log(JSON.stringify({ ...count, seconds: Math.round((performance.now() - before) / 1000) }));
  };
  await crash(Number(values.rounds), Number(values.seed), tell);
}
