import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, describeSettings, loadYaml } from '@paddlewatch/config';
import { inheritGlobals } from './inherit.ts';
import { prometheusConfig } from './prometheus.ts';

const load = (text: string) => loadYaml(prometheusConfig, text, 'p.yml');

const faults = (text: string): string[] => {
  try {
    load(text);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message.split('\n');
  }
  assert.fail('it should not load');
};

test('jobs inherit the global settings, and 0 means not written', () => {
  const config = load(
    `global: {scrape_interval: 15s, sample_limit: 100, external_labels: {cluster: 1}}
scrape_configs:
  - job_name: a
    static_configs: [{targets: ['localhost:1'], labels: {env: prod}}]
  - {job_name: b, scrape_interval: 5s, sample_limit: 7}
  - {job_name: c, scrape_interval: 0s, scrape_timeout: 2s, sample_limit: 0}
`,
  );
  assert.deepEqual(
    config.scrape_configs
      .map((job) => inheritGlobals(job, config.global))
      .map((job) => [
        job.job_name,
        job.scrape_interval,
        job.scrape_timeout,
        job.sample_limit,
        job.metrics_path,
      ]),
    [
      ['a', 15_000, 10_000, 100, '/metrics'],
      ['b', 5_000, 5_000, 7, '/metrics'],
      ['c', 15_000, 2_000, 100, '/metrics'],
    ],
  );
  assert.deepEqual(config.global.external_labels, { cluster: '1' });
  assert.equal(config.global.evaluation_interval, 60_000);
});

test('faults that span keys have the line of the key', () => {
  const text = `scrape_configs:
  - job_name: a
    scrape_interval: 5s
    scrape_timeout: 6s
  - job_name: a
    relabel_configs: [{action: hashmod, target_label: x}]
`;
  assert.deepEqual(faults(text), [
    'p.yml:4: scrape_configs[0].scrape_timeout: longer than the scrape_interval of 5s; make it shorter',
    'p.yml:5: scrape_configs[1].job_name: a second job "a"; rename one',
    'p.yml:6: scrape_configs[1].relabel_configs[0]: the action hashmod needs a modulus',
  ]);
});

test('a feature that is not built is refused by name, harmless keys are ignored', () => {
  assert.deepEqual(faults('remote_write: [{url: "http://x"}]\nruntime: {gogc: 50}\n'), [
    'p.yml:1: remote_write: remote write is not built yet; remove this key',
  ]);
  assert.match(
    faults('scrape_configs: [{job_name: a, consul_sd_configs: [{server: x}]}]')[0]!,
    /service discovery by consul is not built yet/,
  );
});

test('the schema documents every setting, what is not built among them', () => {
  const settings = new Map(describeSettings(prometheusConfig).map((setting) => [setting.path, setting]));
  assert.equal(settings.get('global.evaluation_interval')?.default, '"1m"');
  assert.equal(settings.get('scrape_configs[].relabel_configs[].regex')?.type, 'regex');
  assert.equal(settings.get('remote_write')?.description, 'not built yet: remote write');
  assert.ok(settings.get('scrape_configs[].job_name')?.required);
});
