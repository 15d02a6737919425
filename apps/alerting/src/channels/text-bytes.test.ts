import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteLength, cutBytes, splitBytes } from './text-bytes.ts';

test('a cut never breaks a character', () => {
  assert.equal(cutBytes('模型', 5), '模');
  assert.equal(cutBytes('a🙂', 4), 'a');
  assert.equal(cutBytes('abc', 3), 'abc');
});

test('parts fit, and together are the text unless it was cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.integer({ min: 40, max: 200 }),
      (text, limit) => {
        const parts = splitBytes(text, limit, 4);
        assert(parts.length <= 4);
        for (const part of parts) assert(byteLength(part) <= limit);
        if (!parts.at(-1)!.includes('（已截断')) assert.equal(parts.join(''), text);
      },
    ),
  );
});

test('lines stay whole where they fit', () => {
  assert.deepEqual(splitBytes('aaaa\nbbbb\ncccc', 10, 5), ['aaaa\nbbbb\n', 'cccc']);
});
