import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { createEngine, MemoryStorage } from '../src/index.ts';
import { askEngine } from './ask.ts';
import { withKeptNames, withNamesBack, withoutKeptNames } from './kept-names.ts';

const storage = new MemoryStorage();
storage.series(labelsFrom({ __name__: 'a', pod: 'p' })).push(0, 1);
storage.series(labelsFrom({ __name__: 'b', pod: 'p' })).push(60_000, 2);

const answer = await askEngine(
  { kind: 'range', query: withKeptNames('-{__name__=~"a|b"}'), start: 0, end: 60_000, step: 60_000 },
  createEngine({ delayedNameRemoval: true, lookbackDelta: 1000 }),
  storage,
);

test('names that are doomed are kept in a label', () => {
  const named = withNamesBack(answer);
  assert.ok(named.type === 'matrix');
  assert.deepEqual(
    named.rows.map(({ key }) => key),
    ['a{pod="p"}', 'b{pod="p"}'],
  );
});

test('without that label series become one, as long as they do not meet', () => {
  const row = { key: '{pod="p"}', t: [0, 60_000], v: [-1, -2], histograms: [] };
  assert.deepEqual(withoutKeptNames(answer), { type: 'matrix', rows: [row], remarks: [] });
});
