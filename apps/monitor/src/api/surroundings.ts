import type { Labels } from '@paddlewatch/model';
import type { Answer, Job } from '../query/job.ts';
import type { RuleGroup } from '../rules/group.ts';

/** What the API needs of the monitor behind it. */
export interface ApiSurroundings {
  /** False until the storage is open and replayed; nothing else is called before. */
  ready(): boolean;
  stopping(): boolean;
  now(): number;
  /** Runs on a query thread. @throws QueryFailure */
  run(job: Job, options: { timeout: number; signal: AbortSignal }): Promise<Answer>;
  /** `--query.timeout`, ms: no call may ask for more. */
  readonly queryTimeout: number;
  /** `--query.lookback-delta`, ms. */
  readonly lookback: number;
  ruleGroups(): readonly RuleGroup[];
  readonly targets: TargetsSource;
  alertmanagers(): { readonly active: readonly string[]; readonly dropped: readonly string[] };
  externalLabels(): Readonly<Record<string, string>>;
  status(): Status;
}

export interface Status {
  readonly configYaml: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly build: BuildInfo;
  head(limit: number): HeadStatus;
  readonly walReplay: { readonly min: number; readonly max: number; readonly current: number };
}

export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
  readonly branch: string;
  readonly buildUser: string;
  readonly buildDate: string;
  readonly goVersion: string;
}

export interface HeadStatus {
  readonly numSeries: number;
  readonly numLabelPairs: number;
  readonly chunkCount: number;
  /** Milliseconds since the epoch. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly seriesCountByMetricName: readonly NamedCount[];
  readonly labelValueCountByLabelName: readonly NamedCount[];
  readonly memoryInBytesByLabelName: readonly NamedCount[];
  readonly seriesCountByLabelValuePair: readonly NamedCount[];
}

export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

/** Targets as the scraper knows them. */
export interface TargetsSource {
  pools(): readonly string[];
  active(): readonly ActiveTarget[];
  dropped(): readonly DroppedTarget[];
  /** All dropped targets of each pool, also those beyond keep_dropped_targets. */
  droppedCounts(): Readonly<Record<string, number>>;
}

export interface ActiveTarget {
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly globalUrl: string;
  /** '' where the last scrape went well. */
  readonly lastError: string;
  /** Milliseconds since the epoch; undefined before the first scrape. */
  readonly lastScrape: number | undefined;
  /** Seconds. */
  readonly lastScrapeDuration: number;
  readonly health: 'up' | 'down' | 'unknown';
  /** Milliseconds. */
  readonly scrapeInterval: number;
  readonly scrapeTimeout: number;
  metadata(): Iterable<MetricMetadata>;
}

export interface DroppedTarget {
  readonly discoveredLabels: Labels;
  readonly scrapePool: string;
}

export interface MetricMetadata {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}
