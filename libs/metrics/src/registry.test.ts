import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from './registry.ts';

test('exposes what was counted, in text and in OpenMetrics', () => {
  const registry = new Registry();
  const requests = registry.counter({
    name: 'paddle_requests_total',
    help: 'Requests\nby outcome.',
    labels: ['method', 'status'],
  });
  requests.with('POST', '2xx').inc();
  requests.with('POST', '2xx').inc(2);
  requests.with('GET', '"\\\n').inc();
  registry.gauge({ name: 'paddle_requests_running', help: 'Running.' }).set(-1.5);
  const { contentType, body } = registry.expose();
  assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(
    body.toString(),
    [
      '# HELP paddle_requests_total Requests\\nby outcome.',
      '# TYPE paddle_requests_total counter',
      'paddle_requests_total{method="POST",status="2xx"} 3',
      'paddle_requests_total{method="GET",status="\\"\\\\\\n"} 1',
      '# HELP paddle_requests_running Running.',
      '# TYPE paddle_requests_running gauge',
      'paddle_requests_running -1.5',
      '',
    ].join('\n'),
  );
  const open = registry.expose('application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3');
  assert.equal(open.contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.match(open.body.toString(), /^# TYPE paddle_requests counter$/m);
  assert.ok(open.body.toString().endsWith('\n# EOF\n'));
});
