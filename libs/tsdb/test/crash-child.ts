import { openSync, writeSync } from 'node:fs';
import { labelsFrom } from '@paddlewatch/model';
import { Db, type WalCompression } from '../src/index.ts';
import {
  crashHistogram,
  crashOptions,
  crashSeries,
  crashValue,
  deletedMatcher,
  deletionAt,
  exemplarSeries,
  isHistogram,
  isLate,
  lateStep,
  stepMs,
} from './crash.ts';

/**
 * Ingests until it is killed: commit k holds a sample of every series at step k, of some series late, of some a native
 * histogram, and an exemplar. Each commit and each
 * deletion that returned is told to the parent by its number in a file. Blocks are cut, joined, deleted from and cleaned
 * and the logs truncated all the while.
 */
const [dir, first = '1', file = '', compression = 'snappy'] = process.argv.slice(2);
// Without a folder it only loads its code.
if (dir) await ingest(dir);

async function ingest(dir: string): Promise<never> {
  const told = openSync(file, 'w');
  const db = await Db.open(crashOptions(dir, compression as WalCompression));
  const appender = db.appender();
  for (let k = Number(first); ; k++) {
    // Every hundred commits some series make room for others, and come back later.
    for (let i = 0; i < crashSeries; i++) {
      const wave = i < 5 ? String(Math.floor(k / 100) % 3) : '';
      const ref = appender.series(labelsFrom({ __name__: 'crash', i: String(i), wave }));
      const step = isLate(i) ? lateStep(k) : k;
      if (isHistogram(i)) appender.appendHistogram(ref, step * stepMs, crashHistogram(i, step));
      else appender.append(ref, step * stepMs, crashValue(i, step));
      if (i === exemplarSeries) {
        const labels = labelsFrom({ trace_id: String(k) });
        appender.appendExemplar(ref, { labels, value: k, t: k * stepMs });
      }
    }
    appender.commit();
    writeSync(told, `${k}\n`);
    if (k === Number(first)) process.stdout.write('begun');
    const deletion = deletionAt(k);
    if (deletion) {
      const { from, to } = deletion;
      void db
        .deleteSeries([deletedMatcher], from * stepMs, to * stepMs)
        .then(() => writeSync(told, `deleted ${k}\n`));
    }
    // Every other time ingestion goes on meanwhile.
    if (k % 120 === 0) await db.maintain();
    else if (k % 60 === 0) void db.maintain();
    if (k % 170 === 0) void db.cleanTombstones();
    if (k % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
