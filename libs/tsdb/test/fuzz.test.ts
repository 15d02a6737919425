import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decoderNames } from './fuzz/decoders.ts';
import { fuzz } from './fuzz.ts';

/** A million of each: node libs/tsdb/test/fuzz.ts */
const inputs = Number(process.env['FUZZ_RUNS'] ?? 150);

for (const decoder of decoderNames) {
  test(`${decoder}: damaged bytes are refused by name or read`, () => {
    const { refused } = fuzz(decoder, inputs, Date.now());
    assert.ok(refused > inputs / 20, `only ${refused} were refused: the damage does not reach the decoder`);
    assert.ok(refused < inputs, 'none was read: what was damaged was not sound');
  });
}
