import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf, type Labels, labelsFrom, labelsKey } from '@paddlewatch/model';
import {
  type Contribution,
  createEngine,
  type MatrixSeries,
  MemoryStorage,
  type Partner,
  type Piecework,
  QueryError,
  type QueryResult,
  type RangeQuery,
} from './index.ts';

const minute = 60_000;
const engine = createEngine();

/** 60 targets with ten counters and a gauge each over half an hour; some vanish, return, overflow or are no number. */
function fleet({ histograms = false } = {}): MemoryStorage {
  const storage = new MemoryStorage();
  const random = noise(7);
  for (let target = 0; target < 60; target++) {
    const labels = {
      instance: `pod-${target}:9000`,
      model: `m${target % 7}`,
      zone: target < 3 ? 'rare' : 'usual',
    };
    const phase = Math.floor(random() * 15_000);
    for (let bucket = 0; bucket < 10; bucket++) {
      const series = storage.series(labelsFrom({ ...labels, __name__: 'requests_total', le: `${bucket}` }));
      let value = 0;
      for (let i = 0; i < 120; i++) {
        const t = i * 15_000 + phase;
        value = random() < 0.01 ? 0 : value + random() * (bucket + 1);
        if (random() < 0.02) series.pushStale(t);
        else if (histograms && target === 5) series.pushHistogram(t, histogramOf({ count: i, sum: value }));
        else series.push(t, value);
      }
    }
    const gauge = storage.series(labelsFrom({ ...labels, __name__: 'load' }));
    for (let i = 0; i < 120; i++) gauge.push(i * 15_000 + phase, odd(target, i) ?? (random() - 0.5) * 1e6);
  }
  return storage;
}

function odd(target: number, i: number): number | undefined {
  if (target === 3) return NaN;
  if (target === 4 && i > 60) return Infinity;
  return target === 5 && i > 80 ? -Infinity : undefined;
}

/** Somebody else's thread, as far as a test in one thread can have it: the first pieces are his in any case. */
function partner(storage: MemoryStorage, pieces = 32): Partner & { asked: number } {
  const lend = (work: Piecework): Promise<Contribution> => {
    lend.asked++;
    let taken = 0;
    return engine.assist(reserved(work, pieces), storage, { leave: () => taken++ > pieces });
  };
  lend.asked = 0;
  return lend;
}

/** The work as another thread gets it, on a board of its own; the query's own thread finds the first pieces taken. */
function reserved(work: Piecework, pieces: number): Piecework {
  Atomics.add(work.board, 0, pieces);
  return { ...structuredClone(work), board: new Int32Array(new SharedArrayBuffer(4)), batch: 1 };
}

function range(query: string, storage: MemoryStorage, more: Partial<RangeQuery> = {}): Promise<QueryResult> {
  return engine.range({ query, start: 5 * minute, end: 30 * minute, step: 5_000, ...more }, storage);
}

const queries = [
  'sum(rate(requests_total[5m]))',
  'sum by (le) (rate(requests_total[5m]))',
  'sum by (instance, le) (rate(requests_total[5m]))',
  'sum without (instance, le) (requests_total)',
  'count by (zone) (requests_total > 100)',
  'group by (model) (requests_total)',
  'avg by (model) (increase(requests_total[2m]) * 60)',
  'min by (zone) (-requests_total)',
  'max by (model, zone) (abs(load))',
  'stddev by (zone) (requests_total)',
  'stdvar(requests_total offset 3m)',
  'sum by (zone) (requests_total{zone="rare"})',
  'sum by (model) (rate(requests_total[5m])) / sum by (model) (rate(requests_total[5m] offset 2m)) > 1',
  'histogram_quantile(0.9, sum by (le) (rate(requests_total[5m])))',
  'topk(2, sum by (instance) (max_over_time(rate(requests_total[1m])[5m:30s])))',
  'sum(requests_total @ end()) + count({__name__=~"requests.*"})',
  'quantile_over_time(0.5, sum(rate(requests_total[5m]))[10m:1m])',
  'sum by (model) (rate(requests_total[5m])) / ignoring (model) group_left sum(rate(requests_total[5m]))',
  'max(rate(requests_total[5m])) - sum(rate(requests_total[5m])) / count(rate(requests_total[5m]))',
  'sum by (zone) (load) + avg by (zone) (load) + max by (zone) (load)',
  'avg(timestamp(requests_total))',
  'sum(rate(requests_total[5m])) by (missing)',
];

test('two compute what one computes', async () => {
  const storage = fleet();
  for (const query of queries) {
    const alone = await range(query, storage);
    for (const pieces of [0, 31, 64]) {
      const together = await range(query, storage, { partner: partner(storage, pieces) });
      assertSame(together, alone, `${query}, ${pieces} pieces`);
    }
  }
});

test('what is light, or is not divisible, or comes from a name that is not known, is computed alone', async () => {
  const storage = fleet();
  for (const query of [
    'sum(rate(requests_total{le="1"}[5m]))',
    'topk(3, rate(requests_total[5m]))',
    'sum(rate({__name__=~"requests.*"}[5m]))',
    'sum(requests_total * on (instance, le) requests_total)',
    'sum(requests_total > scalar(load{instance="pod-1:9000"}))',
  ]) {
    const other = partner(storage);
    await range(query, storage, { partner: other });
    assert.equal(other.asked, 0, query);
  }
});

test('series that only one of both sees are counted once', async () => {
  const storage = fleet();
  const later = fleet();
  for (let i = 0; i < 20; i++) {
    const fresh = later.series(
      labelsFrom({ __name__: 'requests_total', instance: `new-${i}`, zone: `z${i}` }),
    );
    for (let k = 0; k < 120; k++) fresh.push(k * 15_000, 1);
  }
  const query = 'count by (zone) (requests_total)';
  const alone = await range(query, storage);
  const { value } = await range(query, storage, { partner: partner(later) });
  assert.ok(value.type === 'matrix' && alone.value.type === 'matrix');
  const isFresh = ({ labels }: { labels: Labels }) => labels[1]!.startsWith('z');
  const fresh = value.series.filter(isFresh);
  assert.ok(fresh.length > 0 && fresh.length < 20, 'the partner had pieces with such series');
  assert.ok(fresh.every(({ v }) => v.every((count) => count === 1)));
  assert.deepEqual(
    value.series.filter((series) => !isFresh(series)),
    alone.value.series,
  );
});

test('native histograms stay with those who added them', async () => {
  const storage = fleet({ histograms: true });
  for (const query of ['sum(requests_total)', 'avg by (zone) (requests_total)', 'max(requests_total)']) {
    const alone = await range(query, storage);
    const other = partner(storage);
    assertSame(await range(query, storage, { partner: other }), alone, query);
    assert.equal(other.asked, 1);
    assert.ok(alone.warnings.length + alone.infos.length > 0, 'the remarks of both are heard');
  }
});

test('a partner who breaks leaves his pieces to the query, one whose query fails fails it', async () => {
  const storage = fleet();
  const query = 'sum by (model) (rate(requests_total[5m]))';
  const alone = await range(query, storage);
  const broken: Partner = async (work) => {
    await partner(storage)(work);
    throw new Error('the thread ended');
  };
  assertSame(await range(query, storage, { partner: broken }), alone, query);

  const fails = async (kind: string, partner: Partner) =>
    assert.rejects(
      range(query, storage, { partner }),
      (error) => error instanceof QueryError && error.kind === kind,
    );
  await fails('canceled', (work) =>
    engine.assist(reserved(work, 64), storage, { signal: { aborted: true } }),
  );
  await fails('timeout', (work) =>
    engine.assist({ ...reserved(work, 64), share: { ...work.share, timeout: -1 } }, storage),
  );
});

test('both have one budget of samples', async () => {
  const storage = fleet();
  const query = 'sum by (instance, le) (rate(requests_total[5m]))';
  const { stats } = await range(query, storage);
  const limited = (maxSamples: number) =>
    createEngine({ maxSamples }).range(
      { query, start: 5 * minute, end: 30 * minute, step: 5_000, partner: partner(storage) },
      storage,
    );
  assert.deepEqual((await limited(stats.peakSamples)).stats, stats);
  await assert.rejects(limited(stats.peakSamples - 1), /too many samples/);
});

function assertSame(actual: QueryResult, expected: QueryResult, what: string): void {
  assert.deepEqual(new Set(actual.warnings), new Set(expected.warnings), what);
  assert.deepEqual(new Set(actual.infos), new Set(expected.infos), what);
  assert.equal(actual.stats.totalQueryableSamples, expected.stats.totalQueryableSamples, what);
  const [a, b] = [actual.value, expected.value];
  assert.ok(a.type === 'matrix' && b.type === 'matrix');
  assert.deepEqual(a.series.map(keyOf), b.series.map(keyOf), what);
  for (const [i, series] of a.series.entries()) {
    const other: MatrixSeries = b.series[i]!;
    assert.deepEqual(series.t, other.t, what);
    assert.deepEqual(series.histograms, other.histograms, what);
    for (const [k, value] of series.v.entries())
      assert.ok(near(value, other.v[k]!), `${what}: ${value} is not ${other.v[k]}`);
  }
}

function keyOf({ labels }: { labels: Labels }): string {
  return labelsKey(labels);
}

function near(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= 1e-12 * Math.abs(b);
}

/** Park and Miller's generator: the same numbers in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
