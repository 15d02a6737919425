import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Labels, labelsFrom } from '@paddlewatch/model';
import fc from 'fast-check';
import { TestSamples } from '../../test/samples.ts';
import type { SampleSink } from '../chunk/sample-sink.ts';
import { mergeSeriesSets } from './merge.ts';
import type { SeriesSet } from './source.ts';

/** A set over plain data: series name → times; the value of a sample is the number of its set. */
function plainSet(number: number, data: Readonly<Record<string, readonly number[]>>): SeriesSet {
  const names = Object.keys(data);
  return {
    length: names.length,
    warnings: [],
    labels: (i): Labels => labelsFrom({ name: names[i]! }),
    column: (name) =>
      name === 'name'
        ? { ids: Uint32Array.from(names, (_, i) => i + 1), values: ['', ...names] }
        : { ids: new Uint32Array(names.length), values: [''] },
    read(i, mint, maxt, into: SampleSink) {
      for (const t of data[names[i]!]!) {
        if (t < mint || t > maxt) continue;
        into.reserve(1);
        into.t[into.length] = t;
        into.v[into.length++] = number;
      }
    },
  };
}

const times = fc.uniqueArray(fc.nat(30)).map((list) => list.sort((a, b) => a - b));

test('overlapping sets give each time once, the older set first', () => {
  fc.assert(
    fc.property(fc.array(times, { minLength: 2, maxLength: 4 }), (rows) => {
      const set = mergeSeriesSets(rows.map((row, i) => plainSet(i, { a: row })));
      const expected = new Map<number, number>();
      for (const [i, row] of [...rows.entries()].reverse()) for (const t of row) expected.set(t, i);
      const into = new TestSamples(1);
      set.read(0, 2, 25, into);
      assert.deepEqual(
        into.pairs(),
        [...expected].filter(([t]) => t >= 2 && t <= 25).sort((x, y) => x[0] - y[0]),
      );
    }),
  );
});

test('a series that is in one set only keeps its labels and its column', () => {
  const set = mergeSeriesSets([plainSet(0, { a: [1], b: [1] }), plainSet(1, { b: [2], c: [3] })]);
  assert.equal(set.length, 3);
  const { ids, values } = set.column('name');
  assert.deepEqual(
    [0, 1, 2].map((i) => values[ids[i]!]),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(set.labels(0), ['name', 'a']);
  const into = new TestSamples();
  set.read(1, 0, 9, into);
  assert.deepEqual(into.pairs(), [
    [1, 0],
    [2, 1],
  ]);
});
