import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c } from './crc32c.ts';

test('crc32c gives the values of RFC 3720 appendix B.4', () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
});

test('crc32c of a range equals crc32c of the copy of that range, at every alignment', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 37) & 255);
  for (let start = 0; start < 20; start++) {
    for (let end = start; end < 64; end++) {
      assert.equal(crc32c(bytes, start, end), crc32c(bytes.slice(start, end)));
    }
  }
});
