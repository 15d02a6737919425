import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom, labelsToRecord } from '@paddlewatch/model';
import { z } from 'zod';
import { relabelRule } from '../config/relabel.ts';
import { relabel } from './relabel.ts';

type Labels = Record<string, string>;
type Case = [what: string, before: Labels, rules: z.input<typeof relabelRule>[], after: Labels | 'dropped'];

const abc = { a: 'foo', b: 'bar', c: 'baz' };

const cases: Case[] = [
  [
    'replace',
    abc,
    [{ source_labels: ['a'], regex: 'f(.*)', target_label: 'd', replacement: 'ch${1}-ch${1}' }],
    { ...abc, d: 'choo-choo' },
  ],
  [
    'replace joins its sources',
    abc,
    [{ source_labels: ['a', 'b'], regex: 'f(.*);(.*)r', target_label: 'a', replacement: 'b${1}${2}m' }],
    { ...abc, a: 'boobam' },
  ],
  [
    'replace without a match',
    abc,
    [{ source_labels: ['a'], regex: 'x', target_label: 'a', replacement: 'y' }],
    abc,
  ],
  [
    'replace matches whole values',
    abc,
    [{ source_labels: ['a'], regex: 'fo', target_label: 'a', replacement: 'y' }],
    abc,
  ],
  ['replace by nothing deletes', abc, [{ target_label: 'a', replacement: '' }], { b: 'bar', c: 'baz' }],
  ['replace with a fixed value', abc, [{ target_label: 'a', replacement: 'x$$y' }], { ...abc, a: 'x$y' }],
  [
    'replace a target named by the match',
    abc,
    [{ source_labels: ['a'], regex: '(f)(.*)', target_label: '${1}_x', replacement: '$2' }],
    { ...abc, f_x: 'oo' },
  ],
  [
    'replace a target that comes out empty',
    abc,
    [{ source_labels: ['a'], regex: 'foo()', target_label: '$1', replacement: 'x' }],
    abc,
  ],
  [
    'named groups',
    abc,
    [
      {
        source_labels: ['a'],
        regex: '(?:f)(?P<rest>[(o]+)',
        target_label: 'd',
        replacement: '${rest}$1$rest_',
      },
    ],
    { ...abc, d: 'oooo' },
  ],
  [
    'dot matches a line break',
    { a: 'x\ny' },
    [{ source_labels: ['a'], target_label: 'b' }],
    { a: 'x\ny', b: 'x\ny' },
  ],
  ['keep', abc, [{ source_labels: ['a'], regex: 'foo', action: 'keep' }], abc],
  ['keep nothing', abc, [{ source_labels: ['a'], regex: 'bar', action: 'keep' }], 'dropped'],
  ['drop', abc, [{ source_labels: ['a'], regex: '.*o.*', action: 'drop' }], 'dropped'],
  ['drop nothing', abc, [{ source_labels: ['a'], regex: 'f', action: 'drop' }], abc],
  ['a missing label is empty', abc, [{ source_labels: ['x'], regex: '', action: 'drop' }], 'dropped'],
  [
    'keepequal',
    { a: '1', b: '1' },
    [{ source_labels: ['a'], target_label: 'b', action: 'keepequal' }],
    { a: '1', b: '1' },
  ],
  [
    'keepequal of different values',
    { a: '1', b: '2' },
    [{ source_labels: ['a'], target_label: 'b', action: 'keepequal' }],
    'dropped',
  ],
  [
    'dropequal',
    { a: '1', b: '1' },
    [{ source_labels: ['a'], target_label: 'b', action: 'dropequal' }],
    'dropped',
  ],
  [
    'dropequal of different values',
    { a: '1', b: '2' },
    [{ source_labels: ['a'], target_label: 'b', action: 'dropequal' }],
    { a: '1', b: '2' },
  ],
  [
    'hashmod',
    abc,
    [{ source_labels: ['c'], target_label: 'd', modulus: 1000, action: 'hashmod' }],
    { ...abc, d: '976' },
  ],
  [
    'hashmod of a multi-line value',
    { a: 'foo\nbar' },
    [{ source_labels: ['a'], target_label: 'b', modulus: 1000, action: 'hashmod' }],
    { a: 'foo\nbar', b: '734' },
  ],
  [
    'labelmap',
    { a: 'foo', b1: 'bar', b2: 'baz' },
    [{ regex: 'b(.*)', replacement: 'bar_${1}', action: 'labelmap' }],
    { a: 'foo', b1: 'bar', b2: 'baz', bar_1: 'bar', bar_2: 'baz' },
  ],
  [
    'labelmap overwrites',
    { a: 'foo', __meta_a: 'bar' },
    [{ regex: '__meta_(a)', action: 'labelmap' }],
    { a: 'bar', __meta_a: 'bar' },
  ],
  ['labeldrop', { a: 'foo', b1: 'bar', b2: 'baz' }, [{ regex: 'b.*', action: 'labeldrop' }], { a: 'foo' }],
  [
    'labelkeep',
    { a: 'foo', b1: 'bar', b2: 'baz' },
    [{ regex: 'b.*', action: 'labelkeep' }],
    { b1: 'bar', b2: 'baz' },
  ],
  [
    'lowercase',
    { a: 'FooBar' },
    [{ source_labels: ['a'], target_label: 'b', action: 'lowercase' }],
    { a: 'FooBar', b: 'foobar' },
  ],
  [
    'uppercase',
    { a: 'FooBar' },
    [{ source_labels: ['a'], target_label: 'b', action: 'uppercase' }],
    { a: 'FooBar', b: 'FOOBAR' },
  ],
  [
    'rules in their order',
    abc,
    [
      { target_label: 'd', replacement: '1' },
      { source_labels: ['d'], regex: '1', action: 'drop' },
    ],
    'dropped',
  ],
  [
    'address and port annotation of the community chart',
    { __address__: '10.0.0.1:80', port: '9102' },
    [
      {
        source_labels: ['__address__', 'port'],
        regex: '(.+?)(?::\\d+)?;(\\d+)',
        target_label: '__address__',
        replacement: '$1:$2',
      },
    ],
    { __address__: '10.0.0.1:9102', port: '9102' },
  ],
];

for (const [what, before, rules, after] of cases) {
  test(what, () => {
    const result = relabel(labelsFrom(before), z.array(relabelRule).parse(rules));
    assert.deepEqual(result ? labelsToRecord(result) : 'dropped', after);
  });
}
