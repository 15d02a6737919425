import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { api, folder, type Json, monitor, target, until } from './bench.ts';
import { type Latency, protobufTarget } from './protobuf-target.ts';

const settings = (address: string, more = '') => `global: {scrape_interval: 250ms, evaluation_interval: 250ms}
storage: {exemplars: {max_exemplars: 10}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: j
    scrape_native_histograms: true
    ${more}
    static_configs: [{targets: ['${address}']}]
`;

const rules = `groups:
  - name: g
    rules:
      - record: latency:sum
        expr: sum by (path) (latency_seconds)
`;

const result = async (url: string, query: string): Promise<Json[]> =>
  (await api(url, `query?query=${encodeURIComponent(query)}`)).data.result;

test('a native histogram goes from protobuf through log and rules to the API, also after a kill', async (t) => {
  let latency: Latency | undefined = {
    counts: [1, 2, 1],
    sum: 9.5,
    trace: { id: 'abc', value: 3.5, t: 1_700_000_000_250 },
  };
  const address = await protobufTarget(t, () => latency);
  const dir = folder(t);
  const configFile = path.join(dir, 'prometheus.yml');
  writeFileSync(path.join(dir, 'rules.yml'), rules);
  writeFileSync(configFile, settings(address));
  const { url } = await monitor(t, '', { configFile, storagePath: path.join(dir, 'data') });
  const [sample] = await until(
    () => result(url, 'latency_seconds'),
    ({ length }) => length === 1,
  );
  assert.deepEqual(sample.metric, {
    __name__: 'latency_seconds',
    instance: address,
    job: 'j',
    path: '/infer',
  });
  const buckets = [
    [0, '1', '2', '1'],
    [0, '2', '4', '2'],
    [0, '4', '8', '1'],
  ];
  assert.deepEqual(sample.histogram[1], { count: '4', sum: '9.5', buckets });
  const [recorded] = await until(
    () => result(url, 'latency:sum'),
    ({ length }) => length === 1,
  );
  assert.deepEqual(recorded.histogram[1], { count: '4', sum: '9.5', buckets });
  const [median] = await result(url, 'histogram_quantile(0.5, latency:sum)');
  assert.equal(Number(median.value[1]).toFixed(4), (2 * 2 ** 0.5).toFixed(4));
  assert.equal((await result(url, 'latency_seconds_bucket')).length, 0, 'the classic series stay away');
  assert.equal((await result(url, 'requests_total'))[0].value[1], '7');

  const { data: metadata } = await api(url, 'metadata?metric=latency_seconds');
  assert.deepEqual(metadata, { latency_seconds: [{ type: 'histogram', help: 'Latency.', unit: 'seconds' }] });
  const { data: exemplars } = await api(
    url,
    'query_exemplars?query=histogram_quantile(0.9,rate(latency_seconds[1m]))&start=1700000000&end=1700000001',
  );
  assert.deepEqual(exemplars, [
    {
      seriesLabels: sample.metric,
      exemplars: [{ labels: { trace_id: 'abc' }, value: '3.5', timestamp: 1_700_000_000.25 }],
    },
  ]);

  // What kill -9 leaves: the folder as it is, and nobody who locks it.
  const copy = folder(t);
  cpSync(dir, copy, { recursive: true });
  rmSync(path.join(copy, 'data', 'lock'));
  writeFileSync(path.join(copy, 'prometheus.yml'), settings('127.0.0.1:1'));
  const after = await monitor(t, '', {
    configFile: path.join(copy, 'prometheus.yml'),
    storagePath: path.join(copy, 'data'),
  });
  await after.app.ready;
  const [range] = await result(after.url, 'latency_seconds[10m]');
  assert.ok(range.histograms.length >= 1);
  for (const [, histogram] of range.histograms)
    assert.deepEqual(histogram, { count: '4', sum: '9.5', buckets });
  assert.equal((await api(after.url, 'query_exemplars?query=latency_seconds')).data.length, 1);

  latency = undefined;
  await until(
    () => result(url, 'latency_seconds'),
    ({ length }) => length === 0,
  );
  await until(
    () => result(url, 'latency:sum'),
    ({ length }) => length === 0,
  );
});

test('classic series come too where they are asked for, and resolution is lowered to the limit', async (t) => {
  const address = await protobufTarget(t, () => ({ counts: [1, 2, 3, 4], sum: 9 }));
  const more = 'always_scrape_classic_histograms: true\n    native_histogram_bucket_limit: 2';
  const { url } = await monitor(t, settings(address, more).replace('rule_files: [rules.yml]\n', ''));
  const [sample] = await until(
    () => result(url, 'latency_seconds'),
    ({ length }) => length === 1,
  );
  assert.deepEqual(sample.histogram[1].buckets, [
    [0, '1', '4', '3'],
    [0, '4', '16', '7'],
  ]);
  const classic = await result(url, 'latency_seconds_bucket');
  assert.deepEqual(
    new Map(classic.map(({ metric, value }) => [metric.le, value[1]])),
    new Map([
      ['2.0', '1'],
      ['+Inf', '10'],
    ]),
  );
});

test('exemplars of OpenMetrics text are kept, a query without selectors has no answer', async (t) => {
  const address = await target(
    t,
    () => 'x_total 1 # {trace_id="t1"} 0.5 1700000000.5\n# EOF\n',
    'application/openmetrics-text; version=1.0.0',
  );
  const { url } = await monitor(t, settings(address).replace('rule_files: [rules.yml]\n', ''));
  const { data } = await until(
    () => api(url, 'query_exemplars?query=rate(x_total[1m])%2Bvector(1)'),
    (answer) => answer.data.length > 0,
  );
  assert.deepEqual(data[0].exemplars, [
    { labels: { trace_id: 't1' }, value: '0.5', timestamp: 1_700_000_000.5 },
  ]);
  const none = await fetch(`${url}/api/v1/query_exemplars?query=1%2B1`);
  assert.deepEqual([none.status, await none.text()], [204, '']);
  assert.deepEqual((await api(url, 'query_exemplars?query=x_total&start=1700000001')).data, []);
});
