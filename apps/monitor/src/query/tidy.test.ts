import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Tidy } from './tidy.ts';

test('what work left is collected in a rest, once; little is left, and so is all while there is work', async (t) => {
  // A rest alone does not keep a thread alive.
  const alive = setInterval(() => {}, 1000);
  t.after(() => clearInterval(alive));
  let [collected, idle, asked] = [0, true, () => {}];
  const tidy = new Tidy(
    () => collected++,
    () => {
      asked();
      return idle;
    },
  );
  const rest = async () => {
    const timeHasCome = new Promise<void>((resolve) => {
      asked = resolve;
    });
    tidy.afterWork();
    await timeHasCome;
    await turn();
    return collected;
  };
  assert.equal(await rest(), 0);
  const held = new Uint8Array(16 * 2 ** 20).fill(1);
  idle = false;
  assert.equal(await rest(), 0);
  idle = true;
  assert.equal(await rest(), 1);
  assert.equal(await rest(), 1);
  assert.equal(held.at(-1), 1);
});
