import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlotQueue } from './slot-queue.ts';

test('gives slots in the order in which they came, however many come and go', () => {
  const queue = new SlotQueue();
  const expected: number[] = [];
  for (let round = 0; round < 200; round++) {
    for (let i = 0; i < 50 + 7 * (round % 20); i++) {
      queue.push(round * 1000 + i);
      expected.push(round * 1000 + i);
    }
    const gone = Math.min(expected.length, 100);
    queue.drop(gone);
    expected.splice(0, gone);
    assert.equal(queue.length, expected.length);
    assert.deepEqual(
      expected.map((_, i) => queue.at(i)),
      expected,
    );
  }
});
