import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../api/frame.ts';
import { overviewQueries } from './queries.ts';
import { chosenService, servicesOf } from './service.ts';

const found: Labels[] = [
  { __name__: 'paddle_requests_total', job: 'ocr', model: 'ppocr', version: 'v10', status: '2xx' },
  { __name__: 'paddle_requests_total', job: 'ocr', model: 'ppocr', version: 'v2', status: '5xx' },
  { __name__: 'paddle_inference_duration_seconds_count', job: 'ocr', model: 'ppocr', version: 'v2' },
  { __name__: 'paddle_inference_duration_seconds_count', job: 'plain' },
];

test('series are gathered into services with their versions in natural order', () => {
  const services = servicesOf(found);
  assert.deepEqual(
    services.map(({ job, model, versions }) => [job, model, versions]),
    [
      ['ocr', 'ppocr', ['v2', 'v10']],
      ['plain', undefined, ['']],
    ],
  );
});

test('a service that the address names but nobody reports is not replaced by another', () => {
  const services = servicesOf(found);
  assert.equal(chosenService(services, 'plain')?.job, 'plain');
  assert.equal(chosenService(services)?.job, 'ocr');
  assert.equal(chosenService(services, 'gone'), undefined);
});

test('queries ask for what the service reports, and nothing else', () => {
  const [ocr, plain] = servicesOf(found);
  const asked = overviewQueries(ocr!, 60);
  assert.equal(
    asked.traffic,
    'sum by (version, status) (rate(paddle_requests_total{job="ocr",model="ppocr"}[1m]))',
  );
  assert.equal(asked.waiting, undefined);
  assert.match(asked.latencyByVersion[1]!, /0\.95.*paddle_inference_duration_seconds_bucket/);
  assert.match(
    overviewQueries(plain!, 120).traffic,
    /paddle_inference_duration_seconds_count\{job="plain"\}\[2m\]/,
  );
});
