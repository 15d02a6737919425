import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandTemplate, groupNames } from './expand.ts';

test('references of a template are filled in as Go does', () => {
  const names = new Map([['pod', 2]]);
  const groups = ['ab', 'a', 'b'];
  for (const [template, text] of [
    ['$1-$2', 'a-b'],
    ['${1}x', 'ax'],
    ['$1x', ''],
    ['$pod/${pod}', 'b/b'],
    ['$$1', '$1'],
    ['$9', ''],
    ['100$', '100$'],
    ['$ {1}', '$ {1}'],
  ] as const)
    assert.equal(expandTemplate(template, groups, names, 100), text, template);
  assert.equal(expandTemplate('$0'.repeat(100), groups, names, 100), undefined);
});

test('named groups are numbered among all groups', () => {
  assert.deepEqual(
    [...groupNames('(a)(?P<x>b)(?:c)[(](?i:d)\\((?<y>e)')],
    [
      ['x', 2],
      ['y', 3],
    ],
  );
});
