import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import type { Transition } from '../src/index.ts';
import { api, folder, type Json, monitor, target, until } from './bench.ts';

test('a rule fires over scraped data, reaches an Alertmanager, and resolves', async (t) => {
  const received: Json[] = [];
  const alertmanager = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ path: request.url, alerts: JSON.parse(body) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => alertmanager.listen(0, '127.0.0.1', resolve));
  t.after(() => alertmanager.close());
  let broken = 1;
  const address = await target(t, () => `broken ${broken}\n`);
  const dir = folder(t);
  writeFileSync(
    path.join(dir, 'r.yml'),
    `groups:
  - name: g
    interval: 50ms
    rules:
      - {record: "twice:broken", expr: 2 * broken}
      - {alert: Broken, expr: "twice:broken > 1", for: 100ms, labels: {severity: page}, annotations: {summary: "{{ $value }} on {{ $labels.job }}"}}
`,
  );
  const transitions: Transition[] = [];
  const { url } = await monitor(
    t,
    `global: {scrape_interval: 50ms, external_labels: {cluster: c1}}
rule_files: [${dir}/*.yml]
alerting:
  alertmanagers: [{path_prefix: /am, static_configs: [{targets: ['127.0.0.1:${(alertmanager.address() as AddressInfo).port}']}]}]
scrape_configs: [{job_name: j, static_configs: [{targets: ['${address}']}]}]
`,
    { onTransition: (transition) => transitions.push(transition), externalUrl: 'http://watch/' },
  );
  const [first] = await until(
    async () => received,
    (posts) => posts.length > 0,
  );
  assert.equal(first.path, '/am/api/v2/alerts');
  const [alert] = first.alerts;
  assert.equal(alert.labels.alertname, 'Broken');
  assert.equal(alert.labels.cluster, 'c1');
  assert.equal(alert.annotations.summary, '2 on j');
  assert.equal(alert.generatorURL, 'http://watch/graph?g0.expr=twice%3Abroken+%3E+1&g0.tab=1');
  const { alerts } = (await api(url, 'alerts')).data;
  assert.deepEqual([alerts[0].state, alerts[0].value], ['firing', '2e+00']);
  // The alert is sent before the evaluation that found it is stored.
  await until(
    () => api(url, 'query?query=ALERTS{alertstate="firing"}'),
    ({ data }) => data.result.length === 1,
  );
  const { groups } = (await api(url, 'rules?type=alert')).data;
  assert.deepEqual(
    groups[0].rules.map((rule: Json) => [rule.name, rule.query, rule.state, rule.duration, rule.health]),
    [['Broken', 'twice:broken > 1', 'firing', 0.1, 'ok']],
  );
  broken = 0;
  await until(
    async () => received.at(-1),
    ({ alerts: last }) => Date.parse(last[0].endsAt) <= Date.now(),
  );
  assert.deepEqual(
    transitions.map(({ from, to }) => `${from}→${to}`),
    ['inactive→pending', 'pending→firing', 'firing→inactive'],
  );
  assert.deepEqual((await api(url, 'alertmanagers')).data.activeAlertmanagers, [
    { url: `http://127.0.0.1:${(alertmanager.address() as AddressInfo).port}/am/api/v2/alerts` },
  ]);
});

test('a reload takes all of the new configuration, or, at a fault, nothing', async (t) => {
  const address = await target(t, () => 'x 1\n');
  const config = (job: string) =>
    `global: {scrape_interval: 50ms}\nscrape_configs: [{job_name: ${job}, static_configs: [{targets: ['${address}']}]}]\n`;
  const { url, app, configFile } = await monitor(t, config('old'), { settings: { enableLifecycle: true } });
  writeFileSync(configFile, config('new').replace('static_configs', 'static_config'));
  const refused = await fetch(`${url}/-/reload`, { method: 'POST' });
  assert.equal(refused.status, 500);
  assert.match(
    await refused.text(),
    /prometheus\.yml:2: unknown key "static_config": did you mean "static_configs"\?/,
  );
  assert.deepEqual((await api(url, 'scrape_pools')).data.scrapePools, ['old']);
  assert.equal((await api(url, 'status/runtimeinfo')).data.reloadConfigSuccess, false);
  writeFileSync(configFile, config('new'));
  await app.reload();
  assert.deepEqual((await api(url, 'scrape_pools')).data.scrapePools, ['new']);
  await until(
    () => api(url, 'query?query=up'),
    ({ data }) => data.result.some((sample: Json) => sample.metric.job === 'new'),
  );
  assert.match((await api(url, 'status/config')).data.yaml, /job_name: new/);
});
