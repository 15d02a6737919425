import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type FloatHistogram, labelsFrom } from '@paddlewatch/model';
import { Db } from '../src/index.ts';
import { assertSameHistograms, dumpHistograms, dumpTheirHistograms } from './histogram-dumps.ts';
import { histogramWalk } from './histogram-walk.ts';
import { noPrometheus, startPrometheus } from './real-prometheus.ts';

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-prometheus-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** What real Prometheus finds in a folder that we filled with histograms up to now. */
async function compareFolder(
  t: { after(fn: () => unknown): void },
  { steps, interval, cut }: { steps: number; interval: number; cut: boolean },
): Promise<void> {
  const home = tempDir(t);
  const dir = path.join(home, 'data');
  const end = Date.now();
  const start = end - steps * interval;
  const db = await Db.open({ dir });
  const appender = db.appender();
  const walks = (['whole', 'float', 'gauge'] as const).map((kind, seed) => ({
    ref: appender.series(labelsFrom({ __name__: 'h', kind })),
    walk: histogramWalk({ kind, seed: seed + 11 }),
  }));
  for (let step = 0; step <= steps; step++) {
    for (const { ref, walk } of walks) {
      const histogram = walk.next().value as FloatHistogram;
      if (step % 61 === 60) appender.appendStale(ref, start + step * interval);
      else appender.appendHistogram(ref, start + step * interval, histogram);
    }
    appender.commit();
  }
  if (cut) await db.maintain();
  const ours = await dumpHistograms(db, start, end);
  await db.close();
  const blocks = fs.readdirSync(dir).filter((name) => name.length === 26).length;
  assert.equal(blocks > 0, cut);
  fs.rmSync(path.join(dir, 'lock'), { force: true });
  const prometheus = await startPrometheus(home, dir, 'global: {}\n', ['native-histograms']);
  t.after(() => prometheus.kill('SIGKILL'));
  const theirs = await dumpTheirHistograms(
    prometheus,
    end,
    ['whole', 'gauge', 'float'].map((kind) => `h{kind="${kind}"}[7h]`),
  );
  assert.equal(theirs.size, 3);
  assertSameHistograms(theirs, ours);
}

test('a real Prometheus reads the histograms of our log', { skip: noPrometheus }, (t) =>
  compareFolder(t, { steps: 200, interval: 10_000, cut: false }),
);

test('a real Prometheus reads the histograms of our blocks', { skip: noPrometheus }, (t) =>
  compareFolder(t, { steps: 700, interval: 30_000, cut: true }),
);
