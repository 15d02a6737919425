import { createHash } from 'node:crypto';
import {
  formatDuration,
  type Labels,
  labelsFrom,
  labelsKey,
  labelsToRecord,
  parseDuration,
} from '@paddlewatch/model';
import type { JobConfig } from '../config/inherit.ts';
import { relabel } from '../relabel/relabel.ts';

/** Something to scrape, with everything decided that its labels decide. */
export interface Target {
  /** Equal exactly for targets that are the same series at the same URL. */
  readonly key: string;
  /** As discovery and the job gave them, before relabelling. */
  readonly discoveredLabels: Labels;
  /** Of its series. */
  readonly labels: Labels;
  readonly url: URL;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** See ProtobufOptions. */
  readonly nativeHistograms: boolean;
  readonly classicToo: boolean;
}

/** What relabelling makes of a discovered address: a target, nothing, or a fault. */
export type TargetOutcome =
  | { readonly target: Target }
  | { readonly dropped: Labels }
  | { readonly fault: Error };

export function buildTarget(discovered: Readonly<Record<string, string>>, job: JobConfig): TargetOutcome {
  const discoveredLabels = labelsFrom({ ...jobLabels(job), ...discovered });
  const relabelled = relabel(discoveredLabels, job.relabel_configs);
  if (!relabelled || relabelled.length === 0) return { dropped: discoveredLabels };
  const record = labelsToRecord(relabelled);
  try {
    const intervalMs = durationOf(record, '__scrape_interval__');
    const timeoutMs = durationOf(record, '__scrape_timeout__');
    if (timeoutMs > intervalMs) throw new Error('its scrape timeout is longer than its scrape interval');
    const url = urlOf(record, job);
    const labels = labelsFrom({ instance: record['__address__']!, ...publicLabels(record) });
    return {
      target: {
        key: `${labelsKey(labels)}\n${url}`,
        discoveredLabels,
        labels,
        url,
        intervalMs,
        timeoutMs,
        nativeHistograms: record['__scrape_native_histograms__'] === 'true',
        classicToo: record['__always_scrape_classic_histograms__'] === 'true',
      },
    };
  } catch (error) {
    return {
      fault: new Error(`cannot scrape ${record['__address__'] ?? 'a target'}: ${(error as Error).message}`),
    };
  }
}

/** Targets are asked at multiples of this, ms, so that of thousands some are asked together: each waking costs. */
const scrapeGrid = 10;

/** Where in its interval a target is scraped: always the same, and spread evenly over targets. Milliseconds. */
export function scrapeOffset({ key, intervalMs }: Target): number {
  const offset = createHash('md5').update(key).digest().readUIntBE(0, 6) % intervalMs;
  return offset - (offset % scrapeGrid);
}

/** Labels that every target of the job begins with; discovery and relabelling may change them. */
function jobLabels(job: JobConfig): Record<string, string> {
  const labels: Record<string, string> = {
    job: job.job_name,
    __scrape_interval__: formatDuration(job.scrape_interval),
    __scrape_timeout__: formatDuration(job.scrape_timeout),
    __scrape_native_histograms__: String(job.scrape_native_histograms),
    __always_scrape_classic_histograms__: String(job.always_scrape_classic_histograms),
    __convert_classic_histograms_to_nhcb__: 'false',
    __metrics_path__: job.metrics_path,
    __scheme__: job.scheme,
  };
  for (const [name, values] of Object.entries(job.params))
    if (values[0]) labels[`__param_${name}`] = values[0];
  return labels;
}

function publicLabels(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !name.startsWith('__')));
}

function urlOf(record: Readonly<Record<string, string>>, job: JobConfig): URL {
  const address = record['__address__'];
  if (!address) throw new Error('it has no address');
  if (address.includes('/')) throw new Error(`"${address}" is not an address`);
  const path = record['__metrics_path__'] ?? '';
  const url = new URL(`${record['__scheme__']}://${address}${path.startsWith('/') ? '' : '/'}${path}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`"${url.protocol}" is not a scheme`);
  for (const [name, values] of Object.entries(job.params))
    for (const value of values) url.searchParams.append(name, value);
  for (const [label, value] of Object.entries(record)) {
    if (label.startsWith('__param_')) setFirst(url.searchParams, label.slice('__param_'.length), value);
  }
  url.searchParams.sort();
  return url;
}

/** A `__param_x` label stands for the first value of x; the others stay as the job has them. */
function setFirst(params: URLSearchParams, name: string, value: string): void {
  const [, ...others] = params.getAll(name);
  params.set(name, value);
  for (const other of others) params.append(name, other);
}

function durationOf(record: Readonly<Record<string, string>>, label: string): number {
  const ms = parseDuration(record[label] ?? '');
  if (ms === 0) throw new Error(`${label} is 0`);
  return ms;
}
