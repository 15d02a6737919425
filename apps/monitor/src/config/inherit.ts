import { formatDuration } from '@paddlewatch/model';
import type { ScrapeConfig } from './scrape.ts';

type Inherited = Pick<
  ScrapeConfig,
  | 'scrape_interval'
  | 'scrape_timeout'
  | 'scrape_protocols'
  | 'body_size_limit'
  | 'sample_limit'
  | 'target_limit'
  | 'label_limit'
  | 'label_name_length_limit'
  | 'label_value_length_limit'
  | 'keep_dropped_targets'
  | 'metric_name_validation_scheme'
  | 'metric_name_escaping_scheme'
  | 'scrape_native_histograms'
  | 'always_scrape_classic_histograms'
>;

/** A scrape job with everything decided: its own settings, else the global ones, else the defaults. */
export type JobConfig = Omit<ScrapeConfig, keyof Inherited> & {
  readonly [K in keyof Inherited]-?: NonNullable<Inherited[K]>;
};

const textProtocols = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
] as const;

const defaults: Required<Inherited> = {
  scrape_interval: 60_000,
  scrape_timeout: 10_000,
  scrape_protocols: [...textProtocols],
  body_size_limit: 0,
  sample_limit: 0,
  target_limit: 0,
  label_limit: 0,
  label_name_length_limit: 0,
  label_value_length_limit: 0,
  keep_dropped_targets: 0,
  metric_name_validation_scheme: 'utf8',
  metric_name_escaping_scheme: 'allow-utf-8',
  scrape_native_histograms: false,
  always_scrape_classic_histograms: false,
};

export type GlobalConfig = Inherited;

/** A fault of the job at a place, at one of its keys. */
export interface JobFault {
  readonly job: number;
  readonly key: 'job_name' | 'scrape_timeout';
  readonly message: string;
}

/** What only shows in jobs that stand together: names used twice, timeouts longer than the interval. Adds to `names`. */
export function jobFaults(
  jobs: readonly ScrapeConfig[],
  global: GlobalConfig,
  names: Set<string>,
): JobFault[] {
  const faults: JobFault[] = [];
  for (const [job, config] of jobs.entries()) {
    if (names.has(config.job_name))
      faults.push({ job, key: 'job_name', message: `a second job "${config.job_name}"; rename one` });
    names.add(config.job_name);
    const own = inheritGlobals(config, global);
    if (own.scrape_timeout > own.scrape_interval) {
      const message = `longer than the scrape_interval of ${formatDuration(own.scrape_interval)}; make it shorter`;
      faults.push({ job, key: 'scrape_timeout', message });
    }
  }
  return faults;
}

export function inheritGlobals(job: ScrapeConfig, global: GlobalConfig): JobConfig {
  // 0 stands for "not written" with every inherited number, as in Prometheus.
  const pick = <K extends keyof Inherited>(key: K) =>
    (typeof job[key] === 'boolean' ? job[key] : job[key] || global[key] || defaults[key]) as JobConfig[K];
  const decided = { ...job };
  for (const key of Object.keys(defaults) as (keyof Inherited)[])
    Object.assign(decided, { [key]: pick(key) });
  const settled = decided as JobConfig;
  // Native histograms travel in protobuf only: whoever wants them and names no protocols wants it first.
  if (settled.scrape_native_histograms && !job.scrape_protocols && !global.scrape_protocols)
    Object.assign(settled, { scrape_protocols: ['PrometheusProto', ...textProtocols] });
  // A timeout that nobody wrote for this job shrinks to a short interval; one that was written must fit.
  if (!job.scrape_timeout && settled.scrape_timeout > settled.scrape_interval)
    return { ...settled, scrape_timeout: settled.scrape_interval };
  return settled;
}
