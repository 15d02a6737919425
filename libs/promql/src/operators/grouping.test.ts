import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom, labelsToRecord } from '@paddlewatch/model';
import { groupBy, groupWithout, members } from './grouping.ts';
import { BuiltLabels } from './labelled.ts';

const sets: Record<string, string>[] = [
  { __name__: 'm', pod: 'a', zone: 'x' },
  { __name__: 'm', pod: 'b', zone: 'x' },
  { __name__: 'n', pod: 'a', zone: 'x' },
  { __name__: 'm', pod: 'a' },
];
const series = new BuiltLabels(sets.map(labelsFrom), false);

test('groups by labels, a missing one being empty', () => {
  const grouping = groupBy(series, ['zone', 'pod', 'nothing', 'pod']);
  assert.deepEqual(members(grouping), [[0, 2], [1], [3]]);
  assert.deepEqual(
    [0, 1, 2].map((group) => labelsToRecord(grouping.labels(group))),
    [{ pod: 'a', zone: 'x' }, { pod: 'b', zone: 'x' }, { pod: 'a' }],
  );
});

test('without labels all are one group, and no series are no group', () => {
  assert.deepEqual(members(groupBy(series, [])), [[0, 1, 2, 3]]);
  assert.equal(groupBy(new BuiltLabels([], true), ['pod']).count, 0);
});

test('groups by all but some labels and the name', () => {
  const grouping = groupWithout(series, ['pod']);
  assert.deepEqual(members(grouping), [[0, 1, 2], [3]]);
  assert.deepEqual(grouping.labels(0), ['zone', 'x']);
});
