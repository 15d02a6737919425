import { byteSize, duration } from '@paddlewatch/config';
import { z } from 'zod';
import { discoveryKeys } from './discovery.ts';
import { httpClientKeys, httpPath, oneAuthentication, oneAuthenticationMessage } from './http-client.ts';
import { relabelRules } from './relabel.ts';
import { unbuilt } from './unbuilt.ts';

const protocol = z.enum([
  'PrometheusProto',
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
]);

/** Limits and habits that jobs take from `global` where they say nothing themselves. 0 is no limit. */
export const inheritedKeys = {
  scrape_interval: duration.optional(),
  scrape_timeout: duration.optional(),
  scrape_protocols: z.array(protocol).min(1, 'name at least one protocol').optional(),
  body_size_limit: byteSize.optional(),
  sample_limit: z.int().nonnegative().optional(),
  target_limit: z.int().nonnegative().optional(),
  label_limit: z.int().nonnegative().optional(),
  label_name_length_limit: z.int().nonnegative().optional(),
  label_value_length_limit: z.int().nonnegative().optional(),
  keep_dropped_targets: z.int().nonnegative().optional(),
  metric_name_validation_scheme: z.enum(['utf8', 'legacy']).optional(),
  metric_name_escaping_scheme: z.enum(['allow-utf-8', 'underscores', 'dots', 'values']).optional(),
  scrape_native_histograms: z.boolean().optional(),
  always_scrape_classic_histograms: z.boolean().optional(),
  ...unbuilt.scrape,
};

export const scrapeConfig = z
  .strictObject({
    job_name: z.string().min(1, 'a job needs a name'),
    honor_labels: z.boolean().default(false),
    honor_timestamps: z.boolean().default(true),
    track_timestamps_staleness: z.boolean().default(false),
    params: z.record(z.string(), z.array(z.string())).default({}),
    fallback_scrape_protocol: protocol.optional(),
    metrics_path: httpPath.prefault('/metrics'),
    scheme: z.enum(['http', 'https']).default('http'),
    enable_compression: z.boolean().default(true),
    native_histogram_bucket_limit: z.int().nonnegative().default(0),
    native_histogram_min_bucket_factor: z.number().nonnegative().default(0),
    relabel_configs: relabelRules,
    metric_relabel_configs: relabelRules,
    ...inheritedKeys,
    ...discoveryKeys,
    ...httpClientKeys,
  })
  .refine(oneAuthentication, oneAuthenticationMessage);

export type ScrapeConfig = z.output<typeof scrapeConfig>;
