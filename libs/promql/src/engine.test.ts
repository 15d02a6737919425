import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom, labelsToRecord } from '@paddlewatch/model';
import { createEngine, MemoryStorage, QueryError, type Value } from './index.ts';

const minute = 60_000;

/** Two counters with a sample every 15 s over ten minutes; the second grows twice as fast. */
function twoCounters(): MemoryStorage {
  const storage = new MemoryStorage();
  for (const [pod, growth] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    const samples = storage.series(labelsFrom({ __name__: 'requests_total', pod }));
    for (let i = 0; i <= 40; i++) samples.push(i * 15_000, i * growth);
  }
  return storage;
}

function shown(value: Value): unknown {
  switch (value.type) {
    case 'vector':
      return value.samples.map(({ labels, v }) => [labelsToRecord(labels), v]);
    case 'matrix':
      return value.series.map(({ labels, t, v }) => [labelsToRecord(labels), [...t], [...v]]);
    default:
      return value.v;
  }
}

async function instant(query: string, options = {}): Promise<unknown> {
  const result = await createEngine(options).instant({ query, time: 10 * minute }, twoCounters());
  return shown(result.value);
}

test('an instant query looks back and an aggregation folds', async () => {
  assert.deepEqual(await instant('requests_total{pod="b"}'), [
    [{ __name__: 'requests_total', pod: 'b' }, 80],
  ]);
  assert.deepEqual(await instant('sum(requests_total)'), [[{}, 120]]);
  assert.deepEqual(await instant('sum by (pod) (increase(requests_total[5m]))'), [
    [{ pod: 'a' }, 20],
    [{ pod: 'b' }, 40],
  ]);
});

test('scalars and strings come back as they are', async () => {
  assert.equal(await instant('time() + 1'), 601);
  assert.equal(await instant('"text"'), 'text');
});

test('a range query gives each series its steps, ordered by labels', async () => {
  const { value } = await createEngine().range(
    { query: 'requests_total > 30', start: 4 * minute, end: 8 * minute, step: 2 * minute },
    twoCounters(),
  );
  assert.deepEqual(shown(value), [
    [{ __name__: 'requests_total', pod: 'a' }, [8 * minute], [32]],
    [{ __name__: 'requests_total', pod: 'b' }, [4, 6, 8].map((m) => m * minute), [32, 48, 64]],
  ]);
});

test('a raw range gives the samples with their own times, left-open', async () => {
  assert.deepEqual(await instant('requests_total{pod="a"}[30s]'), [
    [{ __name__: 'requests_total', pod: 'a' }, [585_000, 600_000], [39, 40]],
  ]);
});

test('long chains of operators cost what their length says', async () => {
  const sum = Array(200).fill('requests_total{pod="a"}').join(' + ');
  assert.deepEqual(await instant(sum), [[{ pod: 'a' }, 200 * 40]]);
  assert.deepEqual(await instant('-'.repeat(200) + 'requests_total{pod="a"}'), [[{ pod: 'a' }, 40]]);
});

/** How many samples a query looks at, each as often as an operator reads it. */
async function samplesRead(query: string): Promise<number> {
  const { stats } = await createEngine().instant({ query, time: 10 * minute }, twoCounters());
  return stats.totalQueryableSamples;
}

test('chains of set operators and of fills read each part a few times, however long they are', async () => {
  const chain = (operator: string, length: number) =>
    Array.from({ length }, (_, i) => `requests_total{pod!="${i}"}`).join(` ${operator} `);
  for (const operator of [
    'or',
    'or on (pod)',
    'and',
    'unless',
    '+',
    '+ fill (0)',
    '* on (pod) group_left ()',
  ]) {
    const [short, long] = [await samplesRead(chain(operator, 10)), await samplesRead(chain(operator, 100))];
    assert.ok(long <= 11 * short, `${operator}: ${short} samples for 10 parts, ${long} for 100`);
  }
});

test('or is the same however it is nested', async () => {
  const parts = ['requests_total{pod="b"} > 100', 'requests_total / 2', 'requests_total', 'vector(1)'];
  const [a, b, c, d] = parts.map((part) => `(${part})`);
  const flat = await instant(`${a} or ${b} or ${c} or ${d}`);
  assert.deepEqual(flat, [
    [{ pod: 'a' }, 20],
    [{ pod: 'b' }, 40],
    [{}, 1],
  ]);
  for (const nested of [`${a} or (${b} or (${c} or ${d}))`, `(${a} or ${b}) or (${c} or ${d})`])
    assert.deepEqual(await instant(nested), flat, nested);
  assert.deepEqual(await instant(`${a} or (${b} or on () ${c}) or ${d}`), flat);
});

test('more steps than samples are allowed are refused before they take memory', async () => {
  for (const query of ['count_over_time(requests_total[10y:1ms])', 'absent_over_time(nothing[1y:1s])'])
    await assert.rejects(instant(query, { maxSamples: 1_000_000 }), /too many samples/);
  const endless = { query: '1', start: 0, end: 1e12, step: 1 };
  await assert.rejects(createEngine().range(endless, twoCounters()), /too many samples/);
});

/** How often a range query looks at the clock. */
async function looksAtClock(query: string): Promise<number> {
  let looks = 0;
  const now = () => ++looks;
  const range = { query, start: 0, end: 10 * minute, step: 5_000 };
  await createEngine({ now, timeout: 1e6 }).range(range, twoCounters());
  return looks;
}

test('where windows are full the clock is looked at for each series', async () => {
  const selector = await looksAtClock('requests_total');
  assert.equal(await looksAtClock('max_over_time(requests_total[5m])'), selector + 2);
});

test('limits are errors with a name', async () => {
  const kind = (kind: string) => (error: unknown) => error instanceof QueryError && error.kind === kind;
  const run = (options: object, query: object = {}) =>
    createEngine(options).instant(
      { query: 'sum(requests_total)', time: 10 * minute, ...query },
      twoCounters(),
    );
  await assert.rejects(run({}, { signal: AbortSignal.abort() }), kind('canceled'));
  let clock = 0;
  await assert.rejects(run({ now: () => (clock += 100), timeout: 50 }), kind('timeout'));
  await assert.rejects(run({ maxSamples: 0 }), kind('execution'));
});

test('remarks carry their place in the query', async () => {
  const storage = new MemoryStorage();
  const samples = storage.series(labelsFrom({ __name__: 'depth' }));
  for (let i = 0; i < 10; i++) samples.push(i * 15_000, i);
  const result = await createEngine().instant({ query: '1 +\n rate(depth[2m])', time: 2 * minute }, storage);
  assert.deepEqual(result.infos, [
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "depth" (2:7)',
  ]);
});
