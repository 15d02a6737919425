import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance } from './allowance.ts';

test('work without a pause ends soon, work beside it goes on', () => {
  let now = 0;
  const allowance = new Allowance(() => now);
  const busyFor = (work: number, pause: number) => {
    const started = now;
    for (; allowance.left && now - started < 10_000; now += pause) {
      now += work;
      allowance.spend(work);
    }
    return now - started;
  };
  assert.equal(busyFor(1, 0), 39);
  now += 40;
  assert.ok(allowance.left);
  assert.ok(busyFor(1, 1) >= 10_000);
  assert.equal(busyFor(60, 0), 60);
  now += 20;
  assert.ok(!allowance.left);
});
