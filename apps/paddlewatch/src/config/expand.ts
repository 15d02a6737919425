import path from 'node:path';
import { formatDuration } from '@paddlewatch/model';
import type { Channel, Service, ShortConfig } from './short.ts';

/** Where the pieces find each other. */
export interface Surroundings {
  /** The origin that carries the Prometheus and the Alertmanager API, `http://host:port`. */
  readonly origin: string;
  /** Rule globs are relative to this folder. */
  readonly folder: string;
  /** The rules that hold when the user names none. */
  readonly defaultRules: readonly string[];
}

/** prometheus.yml as an object: nothing in it that a real Prometheus would not take. */
export function prometheusConfig(
  config: ShortConfig,
  { origin, folder, defaultRules }: Surroundings,
): object {
  const rules = config.rules.map((rule) => path.resolve(folder, rule));
  const host = new URL(origin).host;
  const interval = formatDuration(config.scrape_interval);
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: scrapeTimeout(config.scrape_interval),
      evaluation_interval: interval,
    },
    rule_files: rules.length > 0 ? rules : [...defaultRules],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [host] }] }] },
    scrape_configs: [
      ...config.services.map(scrapeConfig),
      { job_name: 'paddlewatch', static_configs: [{ targets: [host] }] },
    ],
  };
}

function scrapeConfig({ name, targets, path: metrics_path, scheme, labels }: Service): object {
  return { job_name: name, metrics_path, scheme, static_configs: [{ targets, labels }] };
}

/** A scrape must end before the next begins; ten seconds is Prometheus' own default. */
function scrapeTimeout(intervalMs: number): string {
  return formatDuration(Math.min(intervalMs, 10_000));
}

/** alertmanager.yml as an object: one group for each alert name and service, all to the same receiver. */
export function alertmanagerConfig(config: ShortConfig): object {
  return {
    route: {
      receiver: 'default',
      group_by: ['alertname', 'job'],
      group_wait: formatDuration(config.group_wait),
      group_interval: formatDuration(config.group_interval),
      repeat_interval: formatDuration(config.repeat_interval),
    },
    receivers: [{ name: 'default', ...channels(config.notify) }],
  };
}

function channels(notify: readonly Channel[]): Record<string, object[]> {
  const lists: Record<string, object[]> = {};
  const add = (kind: string, settings: object) => {
    lists[kind] ??= [];
    lists[kind].push(settings);
  };
  for (const channel of notify) {
    if (channel.webhook) add('webhook_configs', { url: channel.webhook.url });
    if (channel.dingtalk) add('dingtalk_configs', dingtalk(channel.dingtalk));
    if (channel.email) add('email_configs', email(channel.email));
  }
  return lists;
}

function dingtalk({ url, secret, mobiles, everyone }: NonNullable<Channel['dingtalk']>): object {
  const mention = everyone || mobiles.length > 0 ? { mention: { all: everyone, mobiles } } : {};
  return { url, ...(secret === undefined ? {} : { secret }), ...mention };
}

function email({
  to,
  from,
  smarthost,
  username,
  password,
  require_tls,
}: NonNullable<Channel['email']>): object {
  const login = username === undefined ? {} : { auth_username: username, auth_password: password ?? '' };
  return { to, from, smarthost, require_tls, ...login, send_resolved: true };
}
