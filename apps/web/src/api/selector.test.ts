import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selector, seriesText } from './selector.ts';

test('a selector quotes what it is given and leaves out what is unknown', () => {
  assert.equal(selector('up', {}), 'up');
  assert.equal(selector('up', { job: 'a"b\\', model: undefined }), 'up{job="a\\"b\\\\"}');
});

test('a label set reads as PromQL', () => {
  assert.equal(seriesText({ __name__: 'up', job: 'x', env: 'y' }), 'up{env="y", job="x"}');
  assert.equal(seriesText({ __name__: 'up' }), 'up');
  assert.equal(seriesText({}), '{}');
});
