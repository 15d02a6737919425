import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzBlocks } from './block-fuzz.ts';

test('damaged blocks are refused by file and offset, or read right', () => {
  assert.ok(fuzzBlocks(5000, Date.now()) > 1000);
});
