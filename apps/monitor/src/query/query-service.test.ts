import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom, systemClock } from '@paddlewatch/model';
import { createEngine } from '@paddlewatch/promql';
import { Db, openShared } from '@paddlewatch/tsdb';
import { Answerer } from './answerer.ts';
import type { Job } from './job.ts';
import { QueryService } from './query-service.ts';

test('threads that share their work answer what one answers alone', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'query-service-'));
  const db = await Db.open({ dir });
  fill(db);
  const engine = { lookbackDelta: 300_000, maxSamples: 50_000_000, subqueryStep: 60_000 };
  const options = { clock: systemClock, db, engine, timeout: 60_000, maxConcurrency: 2 };
  const service = new QueryService(options);
  t.after(async () => {
    await service.close();
    await db.close();
    fs.rmSync(dir, { recursive: true });
  });
  const single = new Answerer(createEngine(engine), openShared(db.share()));
  const alone = async (job: Job) => {
    const request = { id: 1, job, shape: 'bytes', timeout: 60_000, waited: 0 } as const;
    const answer = await single.answer(request, { signal: { aborted: false }, partner: () => undefined });
    return 'bytes' in answer ? text(answer.bytes) : '';
  };
  const together = async (job: Job) =>
    text(await service.answer(job, { timeout: 60_000, signal: new AbortController().signal }));

  // One after the other, the threads are up by then; and some at once, when each has enough to do.
  for (const query of ['sum by (part) (load)', 'max(load) / count(load)']) {
    const job = { kind: 'range', query, start: 0, end: 3_000_000, step: 15_000, limit: 0 } as const;
    const expected = await alone(job);
    for (let run = 0; run < 3; run++) assert.equal(await together(job), expected);
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => together(job))), Array(3).fill(expected));
  }
  const rule = await service.vector('max_over_time(sum by (part) (load)[50m:15s])', 3_000_000);
  assert.deepEqual(
    rule.map(({ v }) => v),
    [59_700, 59_900, 60_100],
  );
});

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** 600 series of 200 samples; whole numbers, so that sums are the same in any order. */
function fill(db: Db): void {
  const appender = db.appender();
  for (let i = 0; i < 600; i++) {
    const labels = labelsFrom({ __name__: 'load', instance: `pod-${i % 200}`, part: `${i % 3}` });
    const ref = appender.series(labels);
    for (let k = 0; k < 200; k++) appender.append(ref, k * 15_000, i);
  }
  appender.commit();
}
