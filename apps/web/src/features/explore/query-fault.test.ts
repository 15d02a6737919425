import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultPlace } from './query-fault.ts';

test('the place of a fault is found, in a later line too', () => {
  const query = 'sum(\n  rate(x[1m]) foo)';
  const place = faultPlace(
    'invalid parameter "query": 2:15: parse error: unexpected identifier "foo"',
    query,
  );
  assert.deepEqual(place, {
    message: 'parse error: unexpected identifier "foo"',
    before: 'sum(\n  rate(x[1m]) ',
    at: 'foo',
    after: ')',
  });
});

test('columns count bytes, and a place behind the end marks nothing', () => {
  assert.equal(faultPlace('1:13: parse error: oops', 'up{a="高"} x')?.at, 'x');
  assert.equal(faultPlace('1:4: parse error: unexpected end of input', 'up{')?.at, '');
});

test('a message without a place, or with one outside the query, marks nothing', () => {
  assert.equal(faultPlace('query timed out', 'up'), undefined);
  assert.equal(faultPlace('7:1: parse error', 'up'), undefined);
});
