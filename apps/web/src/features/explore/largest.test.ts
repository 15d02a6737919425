import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largest } from './largest.ts';

test('the highest series stay, in the order in which they came', () => {
  const series = [3, 9, 1, 7].map((peak) => ({ labels: { peak: String(peak) }, values: [null, peak, 0] }));
  assert.deepEqual(
    largest(series, 2).map(({ labels }) => labels.peak),
    ['9', '7'],
  );
  assert.equal(largest(series, 4), series);
});
