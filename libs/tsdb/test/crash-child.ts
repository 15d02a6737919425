import { openSync, writeSync } from 'node:fs';
import { labelsFrom } from '@paddlewatch/model';
import { Db } from '../src/index.ts';
import { crashOptions, crashSeries, crashValue, stepMs } from './crash.ts';

/**
 * Ingests until it is killed: commit k holds a sample of every series at time k. Each commit that returned is told to
 * the parent by its number in a file. Blocks are
 * cut, joined and the log truncated all the while.
 */
const [dir = '', first = '1', file = ''] = process.argv.slice(2);
const told = openSync(file, 'w');
const db = await Db.open(crashOptions(dir));
const appender = db.appender();
for (let k = Number(first); ; k++) {
  // Every hundred commits the names of some series change, so that series records are cut too.
  for (let i = 0; i < crashSeries; i++) {
    const wave = i < 5 ? String(Math.floor(k / 100)) : '';
    const ref = appender.series(labelsFrom({ __name__: 'crash', i: String(i), wave }));
    appender.append(ref, k * stepMs, crashValue(i, k));
  }
  appender.commit();
  writeSync(told, `${k}\n`);
  if (k === Number(first)) process.stdout.write('begun');
  // Every other time ingestion goes on meanwhile.
  if (k % 120 === 0) await db.maintain();
  else if (k % 60 === 0) void db.maintain();
  if (k % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
}
