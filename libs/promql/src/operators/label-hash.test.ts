import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xxHash64 } from './label-hash.ts';

test('XXH64 gives the values of its specification', () => {
  assert.equal(xxHash64(Buffer.from('')), 0xef46db3751d8e999n);
  assert.equal(xxHash64(Buffer.from('a')), 0xd24ec4f1a98c6e5bn);
  assert.equal(xxHash64(Buffer.from('abc')), 0x44bc2cf5ad770999n);
  const long = 'Call me Ishmael. Some years ago--never mind how long precisely-';
  assert.equal(xxHash64(Buffer.from(long)), 0x02a2e85470d6fd96n);
});
