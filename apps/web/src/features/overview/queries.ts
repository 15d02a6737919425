import { selector } from '../../api/selector.ts';
import { formatSpan } from '../../format/time.ts';
import type { Service } from './service.ts';

export const quantiles = [0.5, 0.95, 0.99] as const;
export const stages = ['queue', 'preprocess', 'inference', 'postprocess'] as const;
export type Stage = (typeof stages)[number];

const stageMetrics: Readonly<Record<Stage, string>> = {
  queue: 'paddle_queue_time_seconds',
  preprocess: 'paddle_preprocess_seconds',
  inference: 'paddle_inference_duration_seconds',
  postprocess: 'paddle_postprocess_seconds',
};

/** The PromQL of the overview, by the figure that it answers; what the service does not report is undefined. */
export interface OverviewQueries {
  traffic: string;
  /** One for each of `quantiles`, by version and for the service as a whole. */
  latencyByVersion: string[];
  latency: string[];
  running?: string;
  waiting?: string;
  stages: Partial<Record<Stage, string>>;
  batch?: string;
}

/** The whole request where the service measures it, else the model alone. */
export function latencyMetric(service: Service): string {
  const whole = 'paddle_request_duration_seconds';
  return service.metrics.has(whole) ? whole : 'paddle_inference_duration_seconds';
}

export function overviewQueries(service: Service, windowS: number): OverviewQueries {
  const { job, model, metrics } = service;
  const window = `[${formatSpan(windowS * 1000)}]`;
  const of = (name: string) => selector(name, { job, model });
  const mean = (name: string) =>
    metrics.has(name)
      ? `sum by (version) (rate(${of(`${name}_sum`)}${window})) / sum by (version) (rate(${of(`${name}_count`)}${window}))`
      : undefined;
  const gauge = (name: string) => (metrics.has(name) ? `sum by (version) (${of(name)})` : undefined);
  const buckets = `rate(${of(`${latencyMetric(service)}_bucket`)}${window})`;
  const requests = metrics.has('paddle_requests_total')
    ? of('paddle_requests_total')
    : of(`${latencyMetric(service)}_count`);
  return {
    traffic: `sum by (version, status) (rate(${requests}${window}))`,
    latencyByVersion: quantiles.map((q) => `histogram_quantile(${q}, sum by (le, version) (${buckets}))`),
    latency: quantiles.map((q) => `histogram_quantile(${q}, sum by (le) (${buckets}))`),
    running: gauge('paddle_requests_running'),
    waiting: gauge('paddle_requests_waiting'),
    stages: Object.fromEntries(stages.map((stage) => [stage, mean(stageMetrics[stage])])),
    batch: mean('paddle_batch_size'),
  };
}
