import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzSteps } from './steps.ts';

test('range queries say at each step what instant queries say', async () => {
  const { queries, failed, empty, faults } = await fuzzSteps(300, 1);
  assert.deepEqual(faults, []);
  assert.ok(failed + empty < queries / 2, `${failed} failed and ${empty} were empty: too few say anything`);
});
