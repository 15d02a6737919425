import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { createEngine } from '@paddlewatch/promql';
import { Db } from '@paddlewatch/tsdb';
import { Answerer } from './answerer.ts';
import { type Job, QueryFailure } from './job.ts';
import { LightWork } from './light-work.ts';

const engine = { lookbackDelta: 300_000, maxSamples: 1e6, subqueryStep: 60_000 };
const hour = 3_600_000;
const instant = (query: string): Job => ({ kind: 'instant', query, time: hour, limit: 0 });
const range = (query: string, step: number): Job => ({
  ...{ kind: 'range', query, start: 0, end: hour, step, limit: 0 },
});
const lookup = { selectors: [], mint: 0, maxt: hour, limit: 0 };

/** `few` has 3 series, `many` the others, each a sample a minute, or ten of them where they are many. */
async function storage(t: TestContext, series: number): Promise<Db> {
  const dir = mkdtempSync(path.join(tmpdir(), 'paddlewatch-light-'));
  const db = await Db.open({ dir });
  t.after(async () => {
    await db.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const appender = db.appender();
  const refs = Array.from({ length: series }, (_, i) =>
    appender.series(labelsFrom({ __name__: i < 3 ? 'few' : 'many', i: String(i) })),
  );
  for (let at = 0; at <= hour; at += series > 3_000 ? 360_000 : 60_000)
    for (const ref of refs) appender.append(ref, at, at);
  await appender.commit();
  return db;
}

async function bench(t: TestContext, { series = 2_003, met = true } = {}) {
  const db = await storage(t, series);
  if (met) db.catchUp(series);
  const clock = { now: 0, perSelect: 0, perLookup: 0 };
  let selected = 0;
  const light = new LightWork({
    storage: {
      querier(mint, maxt) {
        selected++;
        clock.now += clock.perSelect;
        return db.querier(mint, maxt);
      },
      catchUp: (most) => db.catchUp(most),
      labelNames: (...ask) => db.labelNames(...ask),
      labelValues(...ask) {
        clock.now += clock.perLookup;
        return db.labelValues(...ask);
      },
      series: (...ask) => db.series(...ask),
    },
    engine,
    elapsed: () => clock.now,
  });
  const ask = (job: Job) => light.answer(job, 'bytes', 10_000);
  return { db, clock, ask, selected: () => selected };
}

test('light work is answered as a query thread answers it', async (t) => {
  const { db, ask } = await bench(t);
  const thread = new Answerer(createEngine(engine), db);
  const jobs: Job[] = [
    instant('sum(few)'),
    range('rate(few[5m])', 60_000),
    { kind: 'values', name: 'i', ...lookup },
    { kind: 'names', ...lookup },
    { kind: 'series', ...lookup, selectors: [[{ type: '=', name: '__name__', value: 'few' }]] },
  ];
  for (const job of jobs) {
    const request = { id: 1, job, shape: 'bytes', timeout: 1000, waited: 0 } as const;
    assert.deepEqual(await ask(job), await thread.answer(request, { signal: { aborted: false } }));
  }
});

test('what is heavy is left to a thread, and not tried again for a while', async (t) => {
  const { ask, clock, selected } = await bench(t);
  const heavy: Job[] = [
    instant('many'),
    instant('sum(few) + sum(many)'),
    range('few', 100),
    { kind: 'series', ...lookup, selectors: [[{ type: '=', name: '__name__', value: 'many' }]] },
  ];
  for (const job of heavy) assert.equal(await ask(job), undefined);
  const before = selected();
  for (const job of heavy) assert.equal(await ask(job), undefined);
  assert.equal(selected(), before);
  clock.now += hour;
  for (const job of heavy) assert.equal(await ask(job), undefined);
  assert.ok(selected() > before);
});

test('what cannot be metered is not tried', async (t) => {
  const { ask, selected } = await bench(t);
  assert.equal(await ask(instant('count_over_time(vector(1)[1h:1ms])')), undefined);
  assert.equal(await ask(instant(`few${' + few'.repeat(200)}`)), undefined);
  assert.equal(await ask({ kind: 'federate', ...lookup, externalLabels: {} }), undefined);
  assert.equal(selected(), 0);
});

test('what a thread has not met yet it meets a little at a time, and until then others answer', async (t) => {
  const { ask, selected } = await bench(t, { series: 5_000, met: false });
  for (let i = 0; i < 2; i++) assert.equal(await ask(instant('few')), undefined);
  assert.equal(selected(), 0);
  assert.notEqual(await ask(instant('few')), undefined);
});

test('few series are light among many, however they are found, unless finding them is work', async (t) => {
  const { ask } = await bench(t, { series: 12_000 });
  assert.notEqual(await ask(instant('absent(many{i="none"})')), undefined);
  assert.notEqual(await ask(instant('many{i="17"}')), undefined);
  assert.equal(await ask(instant('many{i=~".*7777.*"} or many{i=~".*8888.*"}')), undefined);
});

test('work ends by the clock too, and may be tried again soon', async (t) => {
  const { ask, clock } = await bench(t);
  clock.perSelect = 50;
  assert.equal(await ask(instant('few')), undefined);
  clock.perSelect = 0;
  clock.now += 100;
  assert.equal(await ask(instant('few')), undefined);
  clock.now += 2_000;
  assert.notEqual(await ask(instant('few')), undefined);
});

test('a lookup whose reads wait for the disk is left to a thread, and may be tried again soon', async (t) => {
  const { ask, clock } = await bench(t);
  const values: Job = { kind: 'values', name: 'i', ...lookup };
  clock.perLookup = 50;
  assert.equal(await ask(values), undefined);
  clock.perLookup = 0;
  clock.now += 2_000;
  assert.notEqual(await ask(values), undefined);
});

test('a rush is left to the threads', async (t) => {
  const { ask, clock } = await bench(t);
  clock.perSelect = 5;
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(instant('few'))));
  assert.equal(answers.filter(Boolean).length, 7);
});

test('a fault of the text is told at once', async (t) => {
  const { ask } = await bench(t);
  await assert.rejects(
    ask(instant('sum(')),
    (error) => error instanceof QueryFailure && error.kind === 'bad_data',
  );
});
