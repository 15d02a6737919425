import { labelsFrom } from '@paddlewatch/model';
import { Db, WalError } from '../src/index.ts';

/**
 * Ingests under a limit of the file size until the log refuses, goes on a little, and prints how many commits were taken
 * and how many of them a reader sees. What the kernel says at the limit, it says in the same place on a full disk.
 */
const [dir = ''] = process.argv.slice(2);
const db = await Db.open({ dir, wal: { compression: 'none' } });
const appender = db.appender();
const labels = Array.from({ length: 50 }, (_, i) => labelsFrom({ __name__: 'm', i: String(i) }));
let taken = 0;
let refused = 0;
let message = '';
for (let k = 1; refused < 5; k++) {
  for (const one of labels) appender.append(appender.series(one), k, k);
  try {
    appender.commit();
    taken++;
  } catch (error) {
    if (!(error instanceof WalError)) throw error;
    message = error.message;
    refused++;
  }
}
const matcher = { type: '=', name: 'i', value: '7' } as const;
const set = await db.querier(0, Infinity).select([matcher], { mint: 0, maxt: Infinity });
const into = {
  length: 0,
  t: new Float64Array(9999),
  v: new Float64Array(9999),
  words: new Uint32Array(19998),
  histograms: [],
};
set.read(0, 0, Infinity, Object.assign(into, { reserve: () => undefined }));
console.log(JSON.stringify({ taken, seen: into.length, message }));
process.exit(0);
