import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzSyntax } from './syntax.ts';

test('mutated queries are accepted or refused, and keep their meaning when formatted', () => {
  const { accepted, refused, slowest } = fuzzSyntax(10_000, 7);
  assert.ok(accepted > 500 && refused > 5000, `${accepted} accepted, ${refused} refused`);
  assert.ok(slowest < 1000, `one text took ${slowest} ms`);
});
