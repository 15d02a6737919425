import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '@paddlewatch/config';
import { loadConfig, loadConfigFile, withAlertmanager } from './load.ts';
import { loadRuleFile } from './rule-file.ts';

const faults = (load: () => unknown): string[] => {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message.split('\n');
  }
  assert.fail('it should not load');
};

test('rule and scrape files are found relative to the configuration', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write(
    'p.yml',
    'rule_files: ["r*.yml", "absent.yml"]\nscrape_config_files: [s.yml]\nscrape_configs: [{job_name: a}]\n',
  );
  write('r1.yml', 'groups: [{name: g, rules: [{record: x, expr: 1}]}]');
  write('s.yml', 'scrape_configs:\n  - job_name: b\n');
  const config = loadConfigFile(path.join(folder, 'p.yml'));
  assert.deepEqual(
    config.jobs.map((job) => job.job_name),
    ['a', 'b'],
  );
  assert.equal(config.groups[0]!.rules[0]!.query.text, '1');
  write('s.yml', 'scrape_configs:\n  - job_name: a\n');
  assert.match(faults(() => loadConfigFile(path.join(folder, 'p.yml')))[0]!, /s\.yml:2: .*a second job "a"/);
});

test('every fault of a rule file has its line', () => {
  const text = `groups:
  - name: g
    rules:
      - alert: A
        expr: sum(
        labels: {__name__: x}
      - record: r
        expr: up
        for: 5m
      - expr: up
      - alert: B
        expr: up
        annotations: {summary: "{{ .Nope "}
`;
  const lines = faults(() => loadRuleFile(text, 'r.yml')).map((fault) => fault.split(': ')[0]);
  assert.deepEqual(lines, ['r.yml:5', 'r.yml:6', 'r.yml:7', 'r.yml:10', 'r.yml:13']);
});

test('the PrometheusRule of the seed loads unchanged', (t) => {
  const seed = path.join(import.meta.dirname, '../../../../../shared/seed/paddle-inference-alerts.yaml');
  if (!existsSync(seed)) return t.skip('../shared/seed is absent');
  const [group] = loadRuleFile(readFileSync(seed, 'utf8'), seed);
  assert.equal(group!.name, 'paddle-inference.rules');
  assert.deepEqual(
    group!.rules.map((rule) => [rule.kind, rule.name, rule.kind === 'alert' && rule.holdFor, rule.labels]),
    [
      ['alert', 'HighInferenceLatency', 300_000, { severity: 'warning' }],
      ['alert', 'InferenceErrorRateHigh', 600_000, { severity: 'critical' }],
    ],
  );
});

test('an Alertmanager beside the configuration is told where it names none, or instead of those that it names', () => {
  const named = 'alerting: {alertmanagers: [{static_configs: [{targets: ["there:9093"]}]}]}\n';
  const told = (text: string, instead: boolean) =>
    withAlertmanager(loadConfig(text, 'p.yml'), { address: 'here:9090', instead })
      .prometheus.alerting.alertmanagers.flatMap(({ static_configs }) => static_configs)
      .flatMap(({ targets }) => targets);
  assert.deepEqual(told('', false), ['here:9090']);
  assert.deepEqual(told(named, false), ['there:9093']);
  assert.deepEqual(told(named, true), ['here:9090']);
});
