import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSpan, parseSpan, spanParts, timeAxisTexts } from './time.ts';

test('a length of time shows its two largest neighbours', () => {
  assert.deepEqual(spanParts(312), [[312, 'ms']]);
  assert.deepEqual(spanParts(200_000), [
    [3, 'm'],
    [20, 's'],
  ]);
  assert.deepEqual(spanParts(3_605_000), [[1, 'h']]);
  assert.deepEqual(spanParts(90_000_000), [
    [1, 'd'],
    [1, 'h'],
  ]);
});

test('durations of the URL are read and written alike', () => {
  for (const text of ['5s', '15m', '6h', '7d', '90s', '0s']) assert.equal(formatSpan(parseSpan(text)!), text);
  assert.equal(parseSpan('soon'), undefined);
});

test('an axis finer than a minute shows seconds, and midnight its date', () => {
  const noon = new Date(2026, 10, 23, 12, 0, 0).getTime() / 1000;
  assert.deepEqual(timeAxisTexts([noon, noon + 30], 30), ['12:00:00', '12:00:30']);
  assert.deepEqual(timeAxisTexts([noon - 43_200, noon], 43_200), ['11-23', '12:00']);
});
