import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { snappyBound, snappyCompress, snappyExpand, snappyFirstByte, snappyPlainLength } from './snappy.ts';

const compressible = fc
  .tuple(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 70 }), fc.nat(3000))
  .map(([a, b, n]) =>
    Uint8Array.from(
      { length: n + a.length },
      (_, i) => (i % 7 < 5 ? a[i % (a.length + 1)] : b[i % (b.length + 1)]) ?? 0,
    ),
  );

test('what is compressed expands to itself, from any place in the buffer', () => {
  fc.assert(
    fc.property(fc.oneof(compressible, fc.uint8Array({ maxLength: 500 })), fc.nat(9), (plain, at) => {
      const from = new Uint8Array(plain.length + at);
      from.set(plain, at);
      const packed = new Uint8Array(snappyBound(plain.length));
      const end = snappyCompress(from, at, from.length, packed, 0);
      assert.equal(snappyPlainLength(packed, 0, end), plain.length);
      const back = new Uint8Array(plain.length);
      snappyExpand(packed, 0, end, back);
      assert.deepEqual(back, plain);
    }),
  );
});

test('long runs become copies', () => {
  const packed = new Uint8Array(snappyBound(100_000));
  assert.ok(snappyCompress(new Uint8Array(100_000), 0, 100_000, packed, 0) < 5000);
});

test('noise is refused with a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      try {
        snappyExpand(noise, 0, noise.length, new Uint8Array(1 << 16));
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
    { numRuns: 3000 },
  );
});

test('tells the first byte without expanding', () => {
  for (const length of [1, 2, 59, 60, 61, 300, 70_000]) {
    const plain = Uint8Array.from({ length }, (_, i) => (i === 0 ? 7 : Math.imul(i, 0x9e3779b1) >>> 24));
    const packed = new Uint8Array(snappyBound(length));
    const end = snappyCompress(plain, 0, length, packed, 0);
    assert.equal(snappyFirstByte(packed, 0, end), 7);
    assert.equal(snappyFirstByte(packed, 0, 1), -1);
  }
  assert.equal(snappyFirstByte(new Uint8Array(0), 0, 0), -1);
});
