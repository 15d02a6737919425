import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difference, errorsByVersion, shareOf, totalErrors, trafficByVersion } from './figures.ts';

const byStatus = {
  times: [1, 2, 3],
  series: [
    { labels: { version: 'v1', status: '2xx' }, values: [9, null, 0] },
    { labels: { version: 'v1', status: '5xx' }, values: [1, null, 0] },
    { labels: { version: 'v2', status: '2xx' }, values: [5, 5, 5] },
  ],
};

test('traffic adds the statuses of a version; a gap in all of them stays a gap', () => {
  assert.deepEqual(
    [...trafficByVersion(byStatus)],
    [
      ['v1', [10, null, 0]],
      ['v2', [5, 5, 5]],
    ],
  );
});

test('errors are a share, zero where nothing failed, and unknown where nothing was asked', () => {
  assert.deepEqual(
    [...errorsByVersion(byStatus)],
    [
      ['v1', [0.1, null, null]],
      ['v2', [0, 0, 0]],
    ],
  );
  assert.deepEqual(totalErrors(byStatus).rate, [1, null, 0]);
});

test('shares and differences know what cannot be told', () => {
  assert.equal(shareOf('v2', trafficByVersion(byStatus)), 1);
  assert.equal(shareOf('v1', new Map()), null);
  assert.equal(difference(3, 2), 0.5);
  assert.equal(difference(3, 0), undefined);
  assert.equal(difference(null, 2), undefined);
});
