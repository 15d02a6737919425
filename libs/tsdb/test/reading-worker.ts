import { parentPort, workerData } from 'node:worker_threads';
import { type DbHandle, openShared } from '../src/index.ts';
import { TestSamples } from './samples.ts';

/** Reads a database that another thread fills with 0, 1, 2, … and says whether a read ever showed anything else. */
const reader = openShared(workerData as DbHandle);
const into = new TestSamples();
let verdict = 'sound';
let seen = 0;
for (let round = 0; round < 3000 && verdict === 'sound' && seen < 3_000_000; round++) {
  const matcher = { type: '=', name: '__name__', value: 'steps' } as const;
  const set = await reader.querier(0, Infinity).select([matcher], { mint: 0, maxt: Infinity });
  for (let i = 0; i < set.length; i++) {
    into.length = 0;
    set.read(i, 0, Infinity, into);
    for (let k = 0; k < into.length; k++) {
      if (into.v[k] !== k % 500 || (k > 0 && into.t[k]! <= into.t[k - 1]!)) {
        verdict = `series ${set.labels(i)} has ${into.v[k]} at place ${k}`;
      }
    }
    seen += into.length;
  }
}
parentPort!.postMessage(verdict);
