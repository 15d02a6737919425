import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseView, viewParams, zoomed } from './view.ts';

const parse = (search: string) => parseView(new URLSearchParams(search));

test('an empty address is the live view of the last five minutes', () => {
  assert.deepEqual(parse(''), {
    service: undefined,
    model: undefined,
    spanMs: 300_000,
    endMs: undefined,
    refreshMs: 5000,
  });
  assert.deepEqual(Object.values(viewParams(parse(''))).filter(Boolean), []);
});

test('what the address says survives a round trip', () => {
  const search = 'service=ocr&model=ppocr&range=6h&end=1764000000&refresh=0s';
  const params = Object.entries(viewParams(parse(search))).filter(([, value]) => value !== undefined);
  assert.equal(new URLSearchParams(params as [string, string][]).toString(), search);
});

test('nonsense in the address falls back to the defaults', () => {
  assert.deepEqual(parse('range=soon&end=never&refresh=-1'), parse(''));
});

test('a zoom stands still and is never narrower than ten seconds', () => {
  assert.deepEqual(zoomed(parse(''), 1000.4, 1003), { ...parse(''), spanMs: 10_000, endMs: 1_003_000 });
});
