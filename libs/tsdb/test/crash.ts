// Kills an ingesting process at random moments and looks for every acknowledged sample afterwards.
//   node libs/tsdb/test/crash.ts --rounds 1000 [--seed 1]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Db, type DbOptions } from '../src/index.ts';
import { TestSamples } from './samples.ts';

export const crashSeries = 60;
export const stepMs = 15_000;
/** Milliseconds: enough for a block to be cut by its thread. */
const longestLife = 1500;
/** After so many crashes the folder begins anew, so that a check stays short. */
const crashesPerFolder = 20;

/** A block for forty commits, so that every round cuts some. */
export function crashOptions(dir: string): DbOptions {
  return { dir, chunkRange: 40 * stepMs, wal: { segmentSize: 64 * 1024 } };
}

export function crashValue(series: number, k: number): number {
  return series % 3 === 0 ? k : Math.fround(Math.sin(series + k * 0.01) * 1000);
}

export interface CrashCount {
  rounds: number;
  blocks: number;
  acknowledged: number;
  repairs: number;
}

/** @throws Error where an acknowledged sample is missing, changed or doubled, or a commit is there in part. */
export async function crash(rounds: number, seed: number): Promise<CrashCount> {
  const count: CrashCount = { rounds: 0, blocks: 0, acknowledged: 0, repairs: 0 };
  const random = randomFrom(seed);
  while (count.rounds < rounds) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-crash-'));
    try {
      let last = 0;
      for (let n = Math.min(crashesPerFolder, rounds - count.rounds); n > 0; n--) {
        const acknowledged = await killedIngestion(dir, last + 1, Math.floor(random() * longestLife));
        count.rounds++;
        count.acknowledged += Math.max(0, acknowledged - last) * crashSeries;
        last = await check(dir, Math.max(last, acknowledged), count);
      }
    } finally {
      fs.rmSync(dir, { recursive: true });
    }
  }
  return count;
}

/** Runs the child, kills it `delay` ms after its first acknowledgement, and returns the last one. */
async function killedIngestion(dir: string, first: number, delay: number): Promise<number> {
  const program = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
  const acknowledgements = path.join(dir, 'acknowledged.txt');
  const child = spawn(process.execPath, [program, dir, String(first), acknowledgements], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delay));
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  if (signal !== 'SIGKILL') throw new Error(`cannot run the crash child: it ended by itself (${signal})`);
  // The last piece is empty, or a line that was not finished.
  return Number(fs.readFileSync(acknowledgements, 'utf8').split('\n').at(-2) ?? first - 1);
}

/** Returns the number of the last commit that is there. */
async function check(dir: string, acknowledged: number, count: CrashCount): Promise<number> {
  count.blocks += fs.readdirSync(dir).filter((name) => name.length === 26).length;
  const db = await Db.open({ ...crashOptions(dir), log: () => count.repairs++ });
  try {
    const set = await db.querier(-Infinity, Infinity).select([], { mint: -Infinity, maxt: Infinity });
    const into = new TestSamples();
    const seen = new Map<number, number>();
    for (let s = 0; s < set.length; s++) {
      const i = Number(set.labels(s)[3]);
      into.length = 0;
      set.read(s, -Infinity, Infinity, into);
      for (let n = 0; n < into.length; n++) {
        const k = into.t[n]! / stepMs;
        if (into.v[n] !== crashValue(i, k))
          throw new Error(`${set.labels(s)} has ${into.v[n]} in commit ${k}`);
        seen.set(k, (seen.get(k) ?? 0) + 1);
      }
    }
    for (let k = 1; k <= acknowledged; k++) {
      if (seen.get(k) !== crashSeries)
        throw new Error(`commit ${k} was acknowledged: ${seen.get(k) ?? 0} samples left`);
    }
    for (const [k, n] of seen) {
      if (k > acknowledged && n !== crashSeries)
        throw new Error(`commit ${k} is there in part: ${n} samples`);
    }
    return Math.max(...seen.keys());
  } finally {
    await db.close();
  }
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  });
  console.log(await crash(Number(values.rounds), Number(values.seed)));
}
