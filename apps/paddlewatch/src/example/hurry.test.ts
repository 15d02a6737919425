import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { hurryRules } from './hurry.ts';

const article = readFileSync(
  path.resolve(import.meta.dirname, '../../rules/paddle-inference-alerts.yaml'),
  'utf8',
);

test("the article's alerts, twenty times as fast and otherwise the same", () => {
  const [latency, errors] = parse(hurryRules(article, 20)).spec.groups[0].rules;
  assert.equal(latency.for, '15s');
  assert.equal(
    latency.expr.trim(),
    'histogram_quantile(0.95, sum(rate(paddle_inference_duration_seconds_bucket[15s])) by (le)) > 2',
  );
  assert.equal(errors.for, '30s');
  assert.equal(
    errors.expr.trim(),
    'sum(rate(paddle_requests_total{status="5xx"}[15s])) / sum(rate(paddle_requests_total[15s])) > 0.1',
  );
  assert.equal(latency.annotations.summary, parse(article).spec.groups[0].rules[0].annotations.summary);
});

test('only ranges change: not brackets in label values, not offsets', () => {
  const rules =
    'groups: [{name: g, rules: [{record: r, expr: \'rate(x{l="[5m]"}[10m] offset 5m)[1h:1m]\'}]}]';
  const [rule] = parse(hurryRules(rules, 60)).groups[0].rules;
  assert.equal(rule.expr, 'rate(x{l="[5m]"}[10s] offset 5m)[1h:1m]');
});
