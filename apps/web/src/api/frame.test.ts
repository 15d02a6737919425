import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameOf, latest } from './frame.ts';

const grid = { start: 100, end: 140, step: 10 };

test('points that the server leaves out are gaps, and so is NaN', () => {
  const frame = frameOf(
    [
      {
        metric: { version: 'v1' },
        values: [
          [100, '1'],
          [120, 'NaN'],
          [140, '+Inf'],
        ],
      },
    ],
    grid,
  );
  assert.deepEqual(frame.times, [100, 110, 120, 130, 140]);
  assert.deepEqual(frame.series[0]!.values, [1, null, null, null, Infinity]);
});

test('a series without float samples is a row of gaps', () => {
  assert.deepEqual(frameOf([{ metric: {} }], grid).series[0]!.values, [null, null, null, null, null]);
});

test('an old value is no present value', () => {
  assert.equal(latest([1, 2, null]), 2);
  assert.equal(latest([1, null, null, null, null]), null);
});
