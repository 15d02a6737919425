import { parentPort, workerData } from 'node:worker_threads';
import type { FloatHistogram } from '@paddlewatch/model';
import { type DbHandle, openShared } from '../src/index.ts';
import { TestSamples } from './samples.ts';

/** Reads histograms of 1, 2, 3, … observations that another thread appends, and says whether one was ever wrong. */
const reader = openShared(workerData as DbHandle);
let verdict = 'sound';
let seen = 0;
for (let round = 0; round < 3000 && verdict === 'sound' && seen < 200_000; round++) {
  const set = await reader.querier(0, Infinity).select([], { mint: 0, maxt: Infinity });
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, 0, Infinity, into);
    for (let k = 0; k < into.length; k++) {
      const histogram = into.histograms[k] as FloatHistogram | undefined;
      const observed = histogram?.positive.count.reduce((a, b) => a + b, 0);
      if (histogram?.count !== k + 1 || observed !== k + 1 || histogram.sum !== k)
        verdict = `series ${set.labels(i)} has ${observed} of ${histogram?.count} observations at place ${k}`;
    }
    seen += into.length;
  }
}
parentPort!.postMessage(verdict);
