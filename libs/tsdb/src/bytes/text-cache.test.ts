import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextCache } from './text-cache.ts';

test('gives the text of its bytes, whatever came before', () => {
  const cache = new TextCache();
  const texts = ['', 'a', 'é', '汉字', 'Ã©', '\ufffd', '\ufeffa', 'x'.repeat(64), 'x'.repeat(65), '😀'];
  for (let i = 0; i < 40_000; i++) texts.push(`value-${i}`);
  for (let round = 0; round < 2; round++) {
    for (const text of texts) {
      const bytes = Buffer.from(`<${text}>`);
      assert.equal(cache.text(bytes, 1, bytes.length - 1), text);
    }
  }
});
