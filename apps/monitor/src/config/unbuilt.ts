import { z } from 'zod';

/**
 * Keys that Prometheus knows and Paddlewatch does not build yet. `ignored` keys change nothing that a user could miss
 * (speed, memory, transport details), so a file that has them loads; `refused` keys ask for work that would not be done,
 * so loading fails and says which.
 */
const ignored = (why: string) => z.unknown().optional().describe(`accepted and ignored: ${why}`);

const refused = (feature: string) =>
  z
    .unknown()
    .optional()
    .describe(`not built yet: ${feature}`)
    .refine(
      (value) => value === undefined || (Array.isArray(value) && value.length === 0) || value === false,
      {
        message: `${feature} is not built yet; remove this key`,
      },
    );

export const unbuilt = {
  top: {
    runtime: ignored('settings of the Go runtime'),
    tracing: refused('sending traces'),
    remote_write: refused('remote write'),
    remote_read: refused('remote read'),
    otlp: ignored('only read where OTLP is received'),
  },
  global: {
    query_log_file: refused('the query log'),
    scrape_failure_log_file: refused('the log of failed scrapes'),
  },
  scrape: {
    scrape_failure_log_file: refused('the log of failed scrapes'),
    convert_classic_histograms_to_nhcb: refused('conversion to custom-bucket histograms'),
    extra_scrape_metrics: refused('the extra scrape metrics'),
  },
  storage: {
    stale_series_compaction_threshold: ignored('when stale series leave the head'),
    chunk_encoding: ignored('how chunks are encoded'),
  },
  client: {
    oauth2: refused('OAuth 2'),
    proxy_url: refused('a proxy'),
    proxy_from_environment: refused('a proxy'),
    no_proxy: ignored('no proxy is used'),
    proxy_connect_header: ignored('no proxy is used'),
    enable_http2: ignored('HTTP/1.1 is spoken'),
  },
  retention: {
    percentage: refused('retention by share of the disk'),
  },
  alertmanager: { sigv4: refused('AWS signatures') },
  discovery: Object.fromEntries(
    ['azure', 'consul', 'digitalocean', 'docker', 'dockerswarm', 'ec2', 'eureka', 'gce', 'hetzner', 'ionos']
      .concat([
        'kuma',
        'lightsail',
        'linode',
        'marathon',
        'nerve',
        'nomad',
        'openstack',
        'ovhcloud',
        'puppetdb',
      ])
      .concat(['scaleway', 'serverset', 'stackit', 'triton', 'uyuni', 'vultr', 'kubernetes', 'dns'])
      .map((name) => [`${name}_sd_configs`, refused(`service discovery by ${name}`)]),
  ),
};
