import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { api, monitor, target, until } from './bench.ts';

const t0 = 1_700_000_000_000;
let url = '';

// Samples with times of their own, so that the answers are the same to the byte on every run.
before(async (t) => {
  const scope = t as unknown as { after(end: () => unknown): void };
  const address = await target(
    scope,
    () => `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{path="/a",code="200"} 10 ${t0}
requests_total{path="/b",code="500"} 2.5 ${t0}
# TYPE odd gauge
odd{name="tiny"} 1.5e-7 ${t0 + 10}
odd{name="huge"} 1e21 ${t0 + 10}
odd{name="nan"} NaN ${t0 + 10}
odd{name="inf"} -Inf ${t0 + 10}
odd{name="q\\"\\n汉"} 0 ${t0 + 10}
`,
  );
  const served = await monitor(
    scope,
    `global: {scrape_interval: 250ms, external_labels: {cluster: c1}}
scrape_configs:
  - job_name: j
    static_configs: [{targets: ['${address}'], labels: {env: test}}]
    relabel_configs: [{target_label: instance, replacement: i}]
`,
  );
  url = served.url;
  await until(
    () => api(url, `query?query=odd&time=${t0 / 1000 + 1}`),
    ({ data }) => data.result.length === 5,
  );
});

const text = async (call: string, init: RequestInit = {}) => {
  const response = await fetch(`${url}${call}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

test('an instant vector, to the byte', async () => {
  const { body, headers } = await text(`/api/v1/query?query=requests_total&time=${t0 / 1000 + 1.5}`);
  assert.equal(headers.get('content-type'), 'application/json');
  assert.equal(
    body,
    '{"status":"success","data":{"resultType":"vector","result":[' +
      '{"metric":{"__name__":"requests_total","code":"200","env":"test","instance":"i","job":"j","path":"/a"},"value":[1700000001.500,"10"]},' +
      '{"metric":{"__name__":"requests_total","code":"500","env":"test","instance":"i","job":"j","path":"/b"},"value":[1700000001.500,"2.5"]}]}}',
  );
});

test('values and times are written as Prometheus writes them', async () => {
  const { data } = await api(url, `query?query=sort_by_label(odd,"name")&time=${t0 / 1000 + 1}`);
  const values = data.result.map((sample: { metric: { name: string }; value: unknown }) => [
    sample.metric.name,
    sample.value,
  ]);
  assert.deepEqual(
    new Map(values),
    new Map([
      ['huge', [1700000001, '1e+21']],
      ['inf', [1700000001, '-Inf']],
      ['nan', [1700000001, 'NaN']],
      ['q"\n汉', [1700000001, '0']],
      ['tiny', [1700000001, '1.5e-07']],
    ]),
  );
  const { body } = await text(`/api/v1/query?query=odd[1m]&time=${t0 / 1000 + 1}&limit=1`);
  assert.match(body, /"values":\[\[1700000000\.010,"/);
  assert.match(body, /"warnings":\["results truncated due to limit"\]}$/);
});

test('scalars, strings, ranges and empty answers', async () => {
  const at = `time=${t0 / 1000}`;
  assert.equal(
    (await text(`/api/v1/query?query=1%2B1&time=4`)).body,
    '{"status":"success","data":{"resultType":"scalar","result":[4,"2"]}}',
  );
  assert.equal(
    (await text(`/api/v1/query?query="x"&${at}`)).body,
    '{"status":"success","data":{"resultType":"string","result":[1700000000,"x"]}}',
  );
  assert.equal(
    (await text(`/api/v1/query?query=none&${at}`)).body,
    '{"status":"success","data":{"resultType":"vector","result":[]}}',
  );
  assert.equal(
    (await text(`/api/v1/query_range?query=sum(requests_total)&start=1700000000&end=1700000030&step=15`))
      .body,
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1700000000,"12.5"],[1700000015,"12.5"],[1700000030,"12.5"]]}]}}',
  );
});

test('faults have their type, their status and Prometheus’ words', async () => {
  const faults: [string, number, string, string][] = [
    [
      'query?query=sum(',
      400,
      'bad_data',
      'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
    ],
    [
      'query?query=up&time=x',
      400,
      'bad_data',
      'invalid parameter "time": cannot parse "x" to a valid timestamp',
    ],
    ['query?query=up&limit=-1', 400, 'bad_data', 'invalid parameter "limit": limit must be non-negative'],
    [
      'query_range?query=up&start=2&end=1&step=1',
      400,
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range?query=up&start=1&end=2&step=0',
      400,
      'bad_data',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      'query_range?query=up&start=0&end=11001&step=1',
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    ['query?query=label_replace(up,"a","b","c","(")', 422, 'execution', ''],
    ['series', 400, 'bad_data', 'no match[] parameter provided'],
    ['rules?type=x', 400, 'bad_data', 'invalid parameter "type": not supported value "x"'],
    ['write', 501, 'unavailable', 'receiving remote write is not built yet'],
    ['nothing', 404, 'not_found', 'there is no GET /api/v1/nothing'],
  ];
  for (const [call, status, errorType, message] of faults) {
    const answer = await text(`/api/v1/${call}`);
    const body = JSON.parse(answer.body);
    assert.deepEqual([answer.status, body.status, body.errorType], [status, 'error', errorType], call);
    if (message !== '') assert.equal(body.error, message);
  }
});

test('forms and URLs are one; an empty parameter is absent; times are also RFC 3339', async () => {
  const form = await api(url, 'query?time=1', {
    query: 'requests_total',
    time: `${t0 / 1000}`,
    timeout: '',
    lookback_delta: '5m',
  });
  const rfc = await api(url, `query?query=requests_total&time=${new Date(t0).toISOString()}`);
  assert.equal(form.data.result.length, 2);
  assert.deepEqual(form, rfc);
});

test('names, values and series, with selectors and limits', async () => {
  const match = 'match[]=requests_total';
  assert.deepEqual((await api(url, `labels?${match}`)).data, [
    '__name__',
    'code',
    'env',
    'instance',
    'job',
    'path',
  ]);
  assert.deepEqual((await api(url, 'label/path/values')).data, ['/a', '/b']);
  assert.deepEqual((await api(url, `label/U______name____/values?${match}`)).data, ['requests_total']);
  assert.deepEqual((await api(url, 'label/path/values?limit=1')).warnings, [
    'results truncated due to limit',
  ]);
  const { data } = await api(url, 'series', { 'match[]': '{path="/a"}' });
  assert.deepEqual(data, [
    { __name__: 'requests_total', code: '200', env: 'test', instance: 'i', job: 'j', path: '/a' },
  ]);
});

test('targets, pools and metadata', async () => {
  const { data } = await api(url, 'targets');
  const [active] = data.activeTargets;
  assert.deepEqual(active.labels, { env: 'test', instance: 'i', job: 'j' });
  assert.equal(active.health, 'up');
  assert.equal(active.scrapeInterval, '250ms');
  assert.equal(active.globalUrl, active.scrapeUrl.replace('127.0.0.1', 'localhost'));
  assert.match(active.lastScrape, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(active.discoveredLabels.__metrics_path__, '/metrics');
  assert.deepEqual((await api(url, 'targets?state=dropped')).data.activeTargets, []);
  assert.deepEqual((await api(url, 'scrape_pools')).data, { scrapePools: ['j'] });
  assert.deepEqual((await api(url, 'metadata?metric=requests_total')).data, {
    requests_total: [{ type: 'counter', help: 'Requests.', unit: '' }],
  });
  assert.equal((await api(url, 'targets/metadata?match_target={env="none"}')).data.length, 0);
});

test('parameters come in the URL and in a form: of one the first counts, of many all do', async () => {
  const post = async (call: string, form: [string, string][]) => {
    const body = new URLSearchParams(form);
    return JSON.parse((await text(call, { method: 'POST', body })).body);
  };
  const sum = await post('/api/v1/query?query=1&query=2', [['query', '5 % 4 + 2']]);
  assert.equal(sum.data.result[1], '3');
  assert.equal(JSON.parse((await text('/api/v1/query?query=1%20%2B+2&query=9')).body).data.result[1], '3');
  const nothing = Array.from({ length: 1_500 }, (): [string, string] => ['match[]', '{path="none"}']);
  const { data } = await post('/api/v1/series?match[]={path="/a"}', nothing);
  assert.equal(data.length, 1);
  assert.equal((await text('/api/v1/query?query=%')).status, 400);
  const json = { method: 'POST', body: '{"query":5}', headers: { 'content-type': 'application/json' } };
  assert.equal(JSON.parse((await text('/api/v1/query?query=7', json)).body).data.result[1], '7');
});

test('federation: the newest samples, external labels added', async () => {
  // The samples of this test lie in the past, out of the lookback; `up` does not.
  // A scrape that took longer than its interval was none.
  const { body, headers } = await until(
    () => text('/federate?match[]=up'),
    (answer) => answer.body.includes('} 1 '),
  );
  assert.match(headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
  assert.match(body, /^# TYPE up untyped\nup\{cluster="c1",env="test",instance="i",job="j"\} 1 \d+\n$/);
  assert.equal((await text('/federate')).status, 400);
});

test('CORS, compression, and what Grafana asks first', async () => {
  const preflight = { method: 'OPTIONS', headers: { origin: 'http://grafana.example' } };
  const options = await text('/api/v1/anything/at/all', preflight);
  assert.equal(options.status, 204);
  assert.equal(options.headers.get('access-control-allow-origin'), '*');
  assert.equal(options.headers.get('vary'), 'Accept-Encoding, Origin');
  const own = await text('/api/v1/query?query=1');
  assert.equal(own.headers.get('access-control-allow-origin'), null);
  assert.equal(own.headers.get('vary'), 'Accept-Encoding, Origin');
  const raw = await fetch(`${url}/api/v1/series?match[]={__name__=~".%2B"}`, {
    headers: { 'accept-encoding': 'identity' },
  });
  assert.equal(raw.headers.get('content-encoding'), null);
  const packed = await new Promise<Buffer>((resolve) => {
    import('node:http').then(({ get }) =>
      get(
        `${url}/api/v1/series?match[]={__name__=~".%2B"}`,
        { headers: { 'accept-encoding': 'gzip' } },
        (response) => {
          assert.equal(response.headers['content-encoding'], 'gzip');
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks)));
        },
      ),
    );
  });
  assert.equal(JSON.parse(gunzipSync(packed).toString()).status, 'success');
  assert.equal((await api(url, 'query', { query: '1+1', time: '4' })).status, 'success');
  const build = (await api(url, 'status/buildinfo')).data;
  assert.match(build.version, /^3\.\d+\.\d+$/);
  assert.ok(!('features' in build) && !('application' in build));
  const ms = { query: 'test', start: String(t0), end: String(t0 + 1) };
  assert.deepEqual(await api(url, 'query_exemplars', ms), { status: 'success', data: [] });
});

test('health, version, own metrics; the life cycle is off unless it is asked for', async () => {
  assert.equal((await text('/-/healthy')).body, 'Prometheus Server is Healthy.\n');
  assert.equal((await text('/-/ready', { method: 'HEAD' })).status, 200);
  assert.equal((await text('/-/reload', { method: 'POST' })).body, 'Lifecycle API is not enabled.');
  assert.equal((await text('/-/reload')).status, 405);
  assert.match((await text('/metrics')).body, /\nprometheus_tsdb_head_series [1-9]\d*\n/);
  assert.equal(
    JSON.parse((await text('/version')).body).version,
    (await api(url, 'status/buildinfo')).data.version,
  );
});

test('stats and the status of the storage', async () => {
  const { data } = await api(url, `query?query=sum(requests_total)&time=${t0 / 1000}&stats=all`);
  assert.ok(data.stats.samples.totalQueryableSamples >= 2 && data.stats.timings.evalTotalTime > 0);
  const status = (await api(url, 'status/tsdb?limit=1')).data;
  assert.equal(status.seriesCountByMetricName[0].name, 'odd');
  assert.equal(status.seriesCountByMetricName[0].value, 5);
});

test('a method that a path does not have is refused with those it has', async (t) => {
  const { url } = await monitor(t, '');
  const refused = async (method: string, path: string) => {
    const response = await fetch(`${url}${path}`, { method });
    return [response.status, response.headers.get('allow'), await response.text()];
  };
  const text = 'Method Not Allowed\n';
  assert.deepEqual(await refused('POST', '/api/v1/targets'), [405, 'GET, OPTIONS', text]);
  assert.deepEqual(await refused('PUT', '/api/v1/query'), [405, 'GET, OPTIONS, POST', text]);
  assert.deepEqual(await refused('DELETE', '/api/v1/label/a/values'), [405, 'GET, OPTIONS', text]);
  assert.deepEqual(await refused('POST', '/federate'), [405, 'GET, OPTIONS', text]);
});
