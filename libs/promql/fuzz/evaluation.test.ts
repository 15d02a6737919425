import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzEvaluation } from './evaluation.ts';

test('mutated queries are answered or refused within their limits', async () => {
  const { answered, refused, failed, slowest } = await fuzzEvaluation(1000, 7);
  assert.ok(answered > 200 && refused > 200, `${answered} answered, ${refused} refused, ${failed} failed`);
  assert.ok(slowest.ms < 5000, `${slowest.query} took ${slowest.ms} ms`);
});
