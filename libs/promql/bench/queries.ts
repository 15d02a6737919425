/**
 * The engine alone over a decoded fleet: `node libs/promql/bench/queries.ts [pods] [name…]`; 1000 pods are 100,000
 * series. Prints the median CPU time
 * of a few runs for each query (wall time would measure the neighbours too); `node --cpu-prof` shows where the time goes.
 */
import { createEngine } from '../src/index.ts';
import { Fleet } from './fleet.ts';

const requests = 'paddle_requests_total';
const bucket = 'paddle_request_duration_seconds_bucket';
const hour = 3_600_000;
const queries: readonly [name: string, step: number, query: string][] = [
  ['rate_sum_instant', 0, `sum(rate(${requests}[5m]))`],
  ['rate_all_instant', 0, `rate(${requests}[5m])`],
  ['rate_sum_r60', 60, `sum(rate(${requests}[5m]))`],
  ['rate_by_model_r15', 15, `sum by (model) (rate(${requests}[5m]))`],
  ['hq_le_instant', 0, `histogram_quantile(0.95, sum by (le) (rate(${bucket}[5m])))`],
  ['hq_le_r60', 60, `histogram_quantile(0.95, sum by (le) (rate(${bucket}[5m])))`],
  ['hq_le_r15', 15, `histogram_quantile(0.95, sum by (le) (rate(${bucket}[5m])))`],
  ['sum_without_r60', 60, `sum without (instance, zone) (rate(${requests}[5m]))`],
  ['topk_r60', 60, `topk(5, sum by (instance) (rate(${requests}{status="500"}[5m])))`],
  ['max_over_time_r60', 60, 'max by (model) (max_over_time(paddle_gauge_1[10m]))'],
  ['avg_over_time_r15', 15, 'avg by (model) (avg_over_time(paddle_gauge_2[5m]))'],
  ['deriv_r60', 60, 'max by (model) (deriv(paddle_gauge_3[10m]))'],
  ['quantile_agg_r60', 60, 'quantile by (model) (0.9, paddle_gauge_4)'],
  ['set_op_r60', 60, 'count by (zone) (paddle_gauge_5 > 10 and on (instance) paddle_gauge_6 > 5)'],
  [
    'offset_r60',
    60,
    `sum by (version) (rate(${requests}[5m])) / sum by (version) (rate(${requests}[5m] offset 20m))`,
  ],
  [
    'share_r60',
    60,
    `sum by (model) (rate(${requests}[5m])) / ignoring (model) group_left sum(rate(${requests}[5m]))`,
  ],
  ['subquery_instant', 0, `max_over_time(sum(rate(${requests}[5m]))[30m:1m])`],
  [
    'burn_rate_instant',
    0,
    `(sum by (model) (rate(${requests}{status="500"}[1h])) / sum by (model) (rate(${requests}[1h])) > 0.005) and (sum by (model) (rate(${requests}{status="500"}[5m])) / sum by (model) (rate(${requests}[5m])) > 0.005)`,
  ],
  ['raw_lines_r15', 15, 'paddle_gauge_7{model="model-3"}'],
  [
    'label_replace_r60',
    60,
    'label_replace(sum by (instance) (paddle_gauge_8{zone="zone-a"}), "pod", "$1", "instance", "pod-0*([0-9]+):.*")',
  ],
  ['count_all_instant', 0, 'count({__name__=~"paddle_.*"})'],
  ['decode_all_instant', 0, `sum(count_over_time(${bucket}[1h]))`],
];

const [pods = '1000', ...wanted] = process.argv.slice(2);
const fleet = new Fleet(Number(pods), 240);
console.log(`${fleet.series} series × 240 samples`);
const engine = createEngine();
for (const [name, step, query] of queries) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const times: number[] = [];
  for (let run = 0; run < (times[0]! > 300 ? 5 : 20); run++) {
    const before = process.cpuUsage();
    if (step === 0) await engine.instant({ query, time: hour }, fleet);
    else await engine.range({ query, start: 360_000, end: hour, step: step * 1000 }, fleet);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(20)} ${times[times.length >> 1]!.toFixed(2).padStart(10)} ms`);
}
