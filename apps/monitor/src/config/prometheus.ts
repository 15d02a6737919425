import { byteSize, duration, labels, parsed } from '@paddlewatch/config';
import { z } from 'zod';
import { discoveryKeys } from './discovery.ts';
import { httpClientKeys, httpPath, oneAuthentication, oneAuthenticationMessage } from './http-client.ts';
import { type GlobalConfig, jobFaults } from './inherit.ts';
import { relabelRules } from './relabel.ts';
import { inheritedKeys, type ScrapeConfig, scrapeConfig } from './scrape.ts';
import { unbuilt } from './unbuilt.ts';

const global = z.strictObject({
  ...inheritedKeys,
  ...unbuilt.global,
  evaluation_interval: duration.prefault('1m'),
  rule_query_offset: duration.prefault('0s'),
  external_labels: labels.default({}),
});

const alertmanager = z
  .strictObject({
    scheme: z.enum(['http', 'https']).default('http'),
    path_prefix: httpPath.prefault('/'),
    timeout: duration.prefault('10s'),
    api_version: z.literal('v2').default('v2'),
    relabel_configs: relabelRules,
    alert_relabel_configs: relabelRules,
    ...discoveryKeys,
    ...httpClientKeys,
    ...unbuilt.alertmanager,
  })
  .refine(oneAuthentication, oneAuthenticationMessage);

export type AlertmanagerConfig = z.output<typeof alertmanager>;

/** What `alertmanagers` would say of one at host:port. */
export function alertmanagerAt(address: string): AlertmanagerConfig {
  return alertmanager.parse({ static_configs: [{ targets: [address] }] });
}

const alerting = z.strictObject({
  alert_relabel_configs: relabelRules,
  alertmanagers: z.array(alertmanager).default([]),
});

/** How many exemplars are kept; 0, or less as Prometheus allows it, keeps none. */
const max_exemplars = z
  .int()
  .default(0)
  .transform((most) => Math.max(0, most));

const storage = z.strictObject({
  tsdb: z
    .strictObject({
      retention: z
        .strictObject({ time: duration.optional(), size: byteSize.optional(), ...unbuilt.retention })
        .prefault({}),
      /** How much older than the newest sample a late one may be. */
      out_of_order_time_window: duration.prefault('0s'),
      ...unbuilt.storage,
    })
    .prefault({}),
  exemplars: z.strictObject({ max_exemplars }).prefault({}),
});

/** Go's filepath.Match patterns allow wildcards in the last segment only for rule files. */
const filePattern = parsed('file pattern', (text) => {
  if (/[*?[]/.test(text.slice(0, text.lastIndexOf('/') + 1)))
    throw new SyntaxError(`"${text}": wildcards may stand in the file name only`);
  return text;
});

/** prometheus.yml, whole. */
export const prometheusConfig = z
  .strictObject({
    global: global.prefault({}),
    alerting: alerting.prefault({}),
    rule_files: z.array(filePattern).default([]),
    scrape_config_files: z.array(filePattern).default([]),
    scrape_configs: z.array(scrapeConfig).default([]),
    storage: storage.prefault({}),
    ...unbuilt.top,
  })
  .superRefine((config, context) => checkJobs(config.scrape_configs, config.global, new Set(), context));

export type PrometheusConfig = z.output<typeof prometheusConfig>;

/** A file of `scrape_config_files`; its jobs live with the global settings and the names of all others. */
export function scrapeConfigFile(global: GlobalConfig, names: Set<string>) {
  return z
    .strictObject({ scrape_configs: z.array(scrapeConfig).default([]) })
    .superRefine((file, context) => checkJobs(file.scrape_configs, global, names, context));
}

function checkJobs(
  jobs: readonly ScrapeConfig[],
  global: GlobalConfig,
  names: Set<string>,
  context: z.RefinementCtx,
): void {
  for (const { job, key, message } of jobFaults(jobs, global, names))
    context.addIssue({ code: 'custom', path: ['scrape_configs', job, key], message });
}
