import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { fingerprint } from './fingerprint.ts';

test('an alert has the fingerprint that Alertmanager 0.25 gives it', () => {
  assert.equal(
    fingerprint(labelsFrom({ alertname: 'foo', model: 'ocr', severity: 'page' })),
    '4a44f5aab278f1c1',
  );
  assert.equal(fingerprint(labelsFrom({ alertname: 'slow', model: '识别', z: 'é🙂' })), '2b0b22bc0bea5a45');
});
