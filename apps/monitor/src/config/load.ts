import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, loadYaml, maskSecrets } from '@paddlewatch/config';
import { inheritGlobals, type JobConfig } from './inherit.ts';
import { alertmanagerAt, type PrometheusConfig, prometheusConfig, scrapeConfigFile } from './prometheus.ts';
import { type GroupSpec, loadRuleFile } from './rule-file.ts';

/** A configuration with everything that its files name, checked as a whole: it is taken as a whole or not at all. */
export interface MonitorConfig {
  readonly file: string;
  /** Where relative paths of the configuration start. */
  readonly folder: string;
  /** The YAML with its secrets masked, for people. */
  readonly text: string;
  readonly prometheus: PrometheusConfig;
  readonly jobs: readonly JobConfig[];
  readonly groups: readonly GroupSpec[];
}

/** @throws ConfigError with every fault of the first file that has any. */
export function loadConfigFile(file: string): MonitorConfig {
  return loadConfig(readText(file), file);
}

export function loadConfig(text: string, file: string): MonitorConfig {
  const prometheus = loadYaml(prometheusConfig, text, file);
  const folder = path.dirname(file);
  const jobs = [...prometheus.scrape_configs];
  const names = new Set(jobs.map((job) => job.job_name));
  for (const name of matching(prometheus.scrape_config_files, folder))
    jobs.push(...loadYaml(scrapeConfigFile(prometheus.global, names), readText(name), name).scrape_configs);
  const groups = matching(prometheus.rule_files, folder).flatMap((name) =>
    loadRuleFile(readText(name), name),
  );
  return {
    file,
    folder,
    text: maskSecrets(text, prometheus),
    prometheus,
    jobs: jobs.map((job) => inheritGlobals(job, prometheus.global)),
    groups,
  };
}

/** The configuration with an Alertmanager where it names none, or `instead` of those that it names. */
export function withAlertmanager(
  config: MonitorConfig,
  { address, instead }: { readonly address: string; readonly instead: boolean },
): MonitorConfig {
  const { prometheus } = config;
  if (!instead && prometheus.alerting.alertmanagers.length > 0) return config;
  const alerting = { ...prometheus.alerting, alertmanagers: [alertmanagerAt(address)] };
  return { ...config, prometheus: { ...prometheus, alerting } };
}

/** Files that the patterns match, each once, in the order of the patterns. */
function matching(patterns: readonly string[], folder: string): string[] {
  const found = patterns.flatMap((pattern) => globSync(path.resolve(folder, pattern)).sort());
  return [...new Set(found)];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [{ line: 1, message: `cannot read the file: ${(error as Error).message}` }]);
  }
}
