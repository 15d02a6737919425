import type { Labels } from '../../api/frame.ts';

/** A model behind a scrape job: what the overview shows at one time. */
export interface Service {
  job: string;
  /** undefined where the metrics bear no model label. */
  model?: string;
  versions: string[];
  /** Which of the known metrics this service reports. */
  metrics: ReadonlySet<string>;
}

/** One series of each of these tells that the metric is there; histograms are told by their count. */
const tellingMetrics = [
  'paddle_requests_total',
  'paddle_requests_running',
  'paddle_requests_waiting',
  'paddle_request_duration_seconds_count',
  'paddle_inference_duration_seconds_count',
  'paddle_queue_time_seconds_count',
  'paddle_preprocess_seconds_count',
  'paddle_postprocess_seconds_count',
  'paddle_batch_size_count',
];

export const servicesSelector = `{__name__=~"${tellingMetrics.join('|')}"}`;

/** Services by job and model, in the order of their names; versions in natural order (v2 before v10). */
export function servicesOf(found: readonly Labels[]): Service[] {
  const services = new Map<
    string,
    { job: string; model?: string; versions: Set<string>; metrics: Set<string> }
  >();
  for (const labels of found) {
    const { __name__: metric = '', job = '', model, version = '' } = labels;
    const key = serviceKey({ job, model });
    const service = services.get(key) ?? { job, model, versions: new Set(), metrics: new Set() };
    services.set(key, service);
    service.versions.add(version);
    service.metrics.add(metric.replace(/_count$/, ''));
  }
  return [...services.values()]
    .map((service) => ({ ...service, versions: [...service.versions].sort(naturally) }))
    .sort((a, b) => naturally(serviceKey(a), serviceKey(b)));
}

export function serviceKey({ job, model }: { job?: string; model?: string }): string {
  return model === undefined ? (job ?? '') : `${job ?? ''} · ${model}`;
}

/** The service that the URL names, else the first. */
export function chosenService(
  services: readonly Service[],
  job?: string,
  model?: string,
): Service | undefined {
  return (
    services.find((service) => service.job === job && (model === undefined || service.model === model)) ??
    (job === undefined ? services[0] : undefined)
  );
}

function naturally(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
