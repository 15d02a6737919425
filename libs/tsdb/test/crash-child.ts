import { writeSync } from 'node:fs';
import { labelsFrom } from '@paddlewatch/model';
import { Db } from '../src/index.ts';
import { crashSeries, crashValue, stepMs } from './crash.ts';

/**
 * Ingests until it is killed: commit k holds a sample of every series at time k. Each commit that returned is told to
 * the parent by a synchronous write of its number; before old commits are truncated it says which one is the first left.
 */
const [dir = '', first = '1'] = process.argv.slice(2);
const db = await Db.open({ dir, wal: { segmentSize: 128 * 1024 } });
const appender = db.appender();
for (let k = Number(first); ; k++) {
  // Every hundred commits the names of some series change, so that series records are cut too.
  for (let i = 0; i < crashSeries; i++) {
    const wave = i < 5 ? String(Math.floor(k / 100)) : '';
    const ref = appender.series(labelsFrom({ __name__: 'crash', i: String(i), wave }));
    appender.append(ref, k * stepMs, crashValue(i, k));
  }
  appender.commit();
  writeSync(1, `${k}\n`);
  if (k % 100 === 0 && k > 200) {
    const from = k - 150;
    writeSync(1, `from ${from}\n`);
    void db.truncate(from * stepMs);
  }
  if (k % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
}
