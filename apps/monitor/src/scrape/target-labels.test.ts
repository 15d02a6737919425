import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalFloat } from './target-labels.ts';

test('bounds have one spelling, whatever the page writes', () => {
  const spellings = {
    '1': '1.0',
    '1.000': '1.0',
    '0.50': '0.5',
    '1000000': '1e+06',
    '1.6384E6': '1.6384e+06',
    '-0.0': '-0.0',
  };
  const others = {
    '1e5': '100000.0',
    '.1': '0.1',
    '+Inf': '+Inf',
    inf: '+Inf',
    NaN: 'NaN',
    '0.00001': '1e-05',
    '': '',
    a: 'a',
  };
  for (const [text, canonical] of Object.entries({ ...spellings, ...others }))
    assert.equal(canonicalFloat(text), canonical);
});
