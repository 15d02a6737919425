import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SimulatedClock } from '@paddlewatch/model';
import { Newcomers } from './newcomers.ts';

/** So many scrapes that end when they are told to, in the order in which they began. */
function crowd(count: number) {
  const clock = new SimulatedClock();
  const newcomers = new Newcomers(clock);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  for (let i = 0; i < count; i++)
    newcomers.admit(() => {
      begun.push(i);
      return new Promise((resolve) => ends.push(resolve));
    });
  const end = async (i: number) => {
    ends[i]!();
    await setImmediate();
  };
  return { clock, begun, end };
}

test('eight first scrapes begin at once, and each of the others in its turn when one has ended', async () => {
  const { clock, begun, end } = crowd(10);
  assert.equal(begun.length, 8);
  await end(3);
  assert.deepEqual(begun.slice(8), [8]);
  await end(8);
  assert.deepEqual(begun.slice(8), [8, 9]);
  for (const i of begun) await end(i);
  assert.equal(clock.pending, 0);
});

test('targets that do not answer hold nobody up for long', async () => {
  const { clock, begun, end } = crowd(20);
  await clock.advance(19);
  assert.equal(begun.length, 8);
  await clock.advance(1);
  assert.equal(begun.length, 16);
  await end(2);
  assert.equal(begun.length, 16, 'whose place is taken leaves none when it ends');
  await end(15);
  assert.equal(begun.length, 17);
});
