import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assemble,
  block,
  type Code,
  Frame,
  i32,
  i64,
  jump,
  jumpIf,
  loop,
  select,
  set,
  v128,
  when,
} from './assembler.ts';

function build(frame: Frame, ...body: readonly Code[]) {
  const { run, memory } = assemble(frame, body, 100);
  return { run, bytes: new Uint8Array(memory) };
}

test('constants of every length come back', () => {
  for (const number of [0, 63, 64, -64, -65, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)])
    assert.equal(build(new Frame(), i32.add(number, 0)).run(), number);
});

test('a loop runs until a jump leads out of it', () => {
  const frame = new Frame();
  const n = frame.param('i32');
  const sum = frame.local('i32');
  const { run } = build(
    frame,
    block(loop(jumpIf(1, i32.eq(n, 0)), set(sum, i32.add(sum, n)), set(n, i32.sub(n, 1)), jump(0))),
    i32.add(sum, 0),
  );
  assert.equal(run(10), 55);
  assert.equal(run(0), 0);
});

test('one of two ways is taken, one of two values selected', () => {
  const frame = new Frame();
  const n = frame.param('i32');
  const way = frame.local('i32');
  const { run } = build(
    frame,
    when(i32.lessSigned(n, 5), [set(way, 100)], [set(way, 200)]),
    i32.add(way, i32.wrap(select(1, 2, n))),
  );
  assert.deepEqual(
    [0, 4, 5].map((number) => run(number)),
    [102, 101, 201],
  );
});

test('memory holds what was stored, sixteen bytes turned round', () => {
  const { run, bytes } = build(
    new Frame(),
    i64.store(40, 0, i64.load(0, 0)),
    v128.store(16, 0, v128.reverse(v128.load(0, 0))),
    i32.load(16, 0),
  );
  bytes.set(Array.from({ length: 16 }, (_, i) => i));
  assert.equal(run(), 0x0c0d0e0f);
  assert.deepEqual([...bytes.subarray(16, 32)], [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  assert.deepEqual([...bytes.subarray(40, 48)], [0, 1, 2, 3, 4, 5, 6, 7]);
});
