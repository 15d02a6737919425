import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { api, monitor, target, until } from './bench.ts';
import { noPrometheus, realPrometheus } from './real-prometheus.ts';
import { same } from './same.ts';

const seed = path.join(import.meta.dirname, '../../../../shared/seed/queries.promql');
const pages = 24;
const stepMs = 15_000;

const queries = [
  'rate(paddle_requests_total[5m])',
  'histogram_quantile(0.95, sum(rate(paddle_inference_duration_seconds_bucket[5m])) by (le))',
  'histogram_quantile(0.95, sum by (le, version)(rate(paddle_inference_duration_seconds_bucket[5m])))',
  'sum(rate(paddle_requests_total{status="5xx"}[5m])) / sum(rate(paddle_requests_total[5m])) > 0.1',
  'paddle_requests_total{status=~"2..|5xx"}',
  'sum by (version) (increase(paddle_requests_total[2m])) or vector(1)',
  'topk(2, paddle_requests_total)',
  'paddle_requests_total offset 1m - paddle_requests_total',
  'max_over_time(paddle_inference_duration_seconds_sum[1m]) / on (version) group_left paddle_inference_duration_seconds_count',
  'absent(nothing{a="b"})',
  'count_values("value", paddle_requests_total)',
  'avg_over_time(rate(paddle_requests_total[1m])[3m:30s])',
  'label_replace(paddle_requests_total, "short", "$1", "version", "v(.*)")',
  'paddle_requests_total[1m]',
  'scalar(sum(paddle_requests_total))',
  'time()',
];

test('a real Prometheus that scrapes the same target answers the same', { skip: noPrometheus }, async (t) => {
  const start = Date.now() - pages * stepMs;
  // Samples bear the time of their page, so both hold the same. A page is shown until both have fetched it twice: a
  // scrape that a busy machine made too slow is made good by the next.
  let shown = 0;
  let fetched: Record<string, number> = {};
  const address = await target(t, (userAgent) => {
    const text = page(shown, start + shown * stepMs);
    fetched[userAgent] = (fetched[userAgent] ?? 0) + 1;
    const counts = Object.values(fetched);
    if (shown < pages - 1 && counts.length === 2 && Math.min(...counts) >= 2) {
      shown++;
      fetched = {};
    }
    return text;
  });
  const config = `global: {scrape_interval: 50ms}
scrape_configs: [{job_name: serving, scrape_timeout: 50ms, static_configs: [{targets: ['${address}']}]}]
`;
  const { url: theirs } = await realPrometheus(t, config);
  const { url: ours } = await monitor(t, config);
  const last = `query?query=paddle_requests_total{version="v1",status="2xx"}&time=${(start + pages * stepMs) / 1000}`;
  for (const url of [ours, theirs])
    await until(
      () => api(url, last),
      ({ data }) => data.result[0]?.value[1] === String(counter(pages - 1)),
    );

  const seeds = existsSync(seed) ? readFileSync(seed, 'utf8').split('\n').filter(Boolean) : [];
  // Between two samples: since version 3 a window leaves out the sample at its very beginning, version 2 took it.
  const at = (n: number) => (start + n * stepMs + 7_000) / 1000;
  for (const query of new Set([...queries, ...seeds])) {
    const instant = { query, time: String(at(pages - 3)) };
    same(await api(ours, 'query', instant), await api(theirs, 'query', instant), query);
    if (query.endsWith(']')) continue;
    const range = { query, start: String(at(2)), end: String(at(pages - 2)), step: '15' };
    same(await api(ours, 'query_range', range), await api(theirs, 'query_range', range), query);
  }
  for (const call of [
    'labels?match[]=paddle_requests_total',
    'label/version/values',
    'series?match[]=paddle_requests_total',
    'query?query=sum(',
    'query_range?query=x&start=2&end=1&step=1',
    'series',
  ])
    same(await api(ours, call), await api(theirs, call), call);
});

function counter(n: number): number {
  return 10 * n + (n % 4);
}

function page(n: number, time: number): string {
  const lines: string[] = [];
  for (const [i, version] of ['v1', 'v2'].entries()) {
    const label = `version="${version}"`;
    lines.push(`paddle_requests_total{${label},status="2xx"} ${counter(n) * (i + 1)} ${time}`);
    // A restart in the middle resets this one.
    lines.push(`paddle_requests_total{${label},status="5xx"} ${n < 10 ? n * 3 : (n - 10) * 2} ${time}`);
    for (const [b, le] of ['0.1', '0.5', '1', '+Inf'].entries())
      lines.push(`paddle_inference_duration_seconds_bucket{${label},le="${le}"} ${n * (b + 1 + i)} ${time}`);
    lines.push(`paddle_inference_duration_seconds_sum{${label}} ${n * 0.37} ${time}`);
    lines.push(`paddle_inference_duration_seconds_count{${label}} ${n * (4 + i)} ${time}`);
  }
  return `${lines.join('\n')}\n`;
}
