import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pieces, pieceCount } from './pieces.ts';

test('two take every piece once, several at first and single ones in the end', () => {
  const one = new Pieces(8);
  const two = new Pieces(8, one.board);
  const sizes: number[] = [];
  let next = 0;
  for (let turn = 0; one.left > 0; turn++) {
    const { from, to } = (turn % 3 === 0 ? one : two).take()!;
    assert.equal(from, next);
    sizes.push(to - from);
    next = to;
  }
  assert.equal(next, pieceCount);
  assert.deepEqual(sizes, [8, 8, 8, 8, 8, 6, 5, 4, 3, 2, 1, 1, 1, 1]);
  assert.equal(one.take(), undefined);
});

test('what is closed has nothing to take', () => {
  const pieces = new Pieces(8);
  pieces.close();
  assert.equal(new Pieces(8, pieces.board).take(), undefined);
});
