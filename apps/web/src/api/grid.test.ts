import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridFor, rateWindow } from './grid.ts';

const minute = 60_000;

test('steps are whole, times are multiples of them, and the server’s limit of 11,000 points is far', () => {
  for (const spanMs of [
    5 * minute,
    15 * minute,
    60 * minute,
    1440 * minute,
    10_080 * minute,
    525_600 * minute,
  ]) {
    const { start, end, step } = gridFor(spanMs, 1_764_000_123_456, 15);
    assert.ok(Number.isInteger(step) && start % step === 0 && end % step === 0);
    assert.ok((end - start) / step <= 360);
    assert.ok(end <= 1_764_000_123.456 && end > 1_764_000_123.456 - step);
  }
});

test('a step is not finer than the scrapes, unless the range holds few of them', () => {
  assert.equal(gridFor(15 * minute, 1e12, 15).step, 15);
  assert.equal(gridFor(15 * minute, 1e12, 1).step, 5);
  assert.equal(gridFor(5 * minute, 1e12, 60).step, 10);
});

test('a rate looks over four scrapes, one minute and one step at least', () => {
  assert.equal(rateWindow(5, 1), 60);
  assert.equal(rateWindow(15, 30), 120);
  assert.equal(rateWindow(1800, 15), 1800);
});
