import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Registry } from './registry.ts';

test('a bound belongs to its bucket, NaN to +Inf', () => {
  const registry = new Registry();
  const seconds = registry.histogram({ name: 'h', help: 'h', labels: ['model'], buckets: [0.5, 1] });
  for (const value of [0.5, 0.6, 1, 7, Number.NaN]) seconds.with('m').observe(value);
  assert.deepEqual(registry.expose().body.toString().split('\n').slice(2, -1), [
    'h_bucket{model="m",le="0.5"} 1',
    'h_bucket{model="m",le="1.0"} 3',
    'h_bucket{model="m",le="+Inf"} 5',
    'h_sum{model="m"} NaN',
    'h_count{model="m"} 5',
  ]);
});

test('finds the bucket that a linear search finds', () => {
  const bounds = fc.uniqueArray(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
    maxLength: 40,
    comparator: 'SameValueZero',
  });
  fc.assert(
    fc.property(bounds, fc.array(fc.double({ min: -2e6, max: 2e6 })), (unsorted, values) => {
      const buckets = unsorted.map((bound) => bound + 0).sort((a, b) => a - b);
      const registry = new Registry();
      const histogram = registry.histogram({ name: 'h', help: 'h', buckets });
      for (const value of values) histogram.observe(value);
      const shown = [
        ...registry
          .expose()
          .body.toString()
          .matchAll(/_bucket\{.*\} (\d+)/g),
      ].map((m) => Number(m[1]));
      assert.deepEqual(shown, [...buckets.map((le) => values.filter((v) => v <= le).length), values.length]);
      assert.equal(histogram.count, values.length);
    }),
    { numRuns: 200 },
  );
});

test('refuses bounds that do not ascend', () => {
  const registry = new Registry();
  assert.throws(
    () => registry.histogram({ name: 'h', help: 'h', buckets: [1, 1] }),
    /cannot make histogram h: its buckets do not ascend at 1/,
  );
});
