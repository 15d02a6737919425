import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crash } from './crash.ts';

test('kill -9 at random moments loses nothing that was acknowledged', async () => {
  const count = await crash(4, Date.now());
  assert.equal(count.rounds, 4);
  assert.ok(count.acknowledged > 0);
});
