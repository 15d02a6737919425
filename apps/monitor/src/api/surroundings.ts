import type { Labels, Matcher } from '@paddlewatch/model';
import type { SeriesExemplars } from '@paddlewatch/tsdb';
import type { Job } from '../query/job.ts';
import type { RuleGroup } from '../rules/group.ts';

/** What the API needs of the monitor behind it. */
export interface ApiSurroundings {
  /** False until the storage is open and replayed; nothing else is called before. */
  ready(): boolean;
  stopping(): boolean;
  now(): number;
  /** Runs on a query thread, which writes the whole answer. @throws QueryFailure */
  run(job: Job, options: { timeout: number; signal: AbortSignal }): Promise<Uint8Array>;
  /** `--query.timeout`, ms: no call may ask for more. */
  readonly queryTimeout: number;
  /** `--query.lookback-delta`, ms. */
  readonly lookback: number;
  ruleGroups(): readonly RuleGroup[];
  readonly targets: TargetsSource;
  /** Those with mint ≤ t ≤ maxt (ms) of the series that fit any of the selectors. */
  exemplars(
    selectors: readonly (readonly Matcher[])[],
    mint: number,
    maxt: number,
  ): readonly SeriesExemplars[];
  alertmanagers(): { readonly active: readonly string[]; readonly dropped: readonly string[] };
  /** Where people reach this server. */
  readonly externalUrl: string;
  externalLabels(): Readonly<Record<string, string>>;
  status(): Status;
  /** Undefined where `--web.enable-admin-api` is off. */
  readonly admin: Admin | undefined;
}

/** What changes the storage behind the back of everybody else. Times are ms, both ends included. */
export interface Admin {
  deleteSeries(matchers: readonly Matcher[], mint: number, maxt: number): Promise<void>;
  cleanTombstones(): Promise<void>;
  /** Below `snapshots/` in the folder of the database; with what is not in blocks yet, where wanted. */
  snapshot(name: string, withHead: boolean): Promise<void>;
}

export interface Status {
  readonly configYaml: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly build: BuildInfo;
  /** Of the storage's head; times in ms. */
  readonly head: { readonly numSeries: number; readonly minTime: number; readonly maxTime: number };
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

/** Targets as the scraper knows them. */
export interface TargetsSource {
  /** Of the scrape pools, which are the jobs. */
  names(): readonly string[];
  active(): readonly ActiveTarget[];
  dropped(): readonly DroppedTarget[];
  /** All dropped targets of each pool, also those beyond keep_dropped_targets. */
  droppedCounts(): Readonly<Record<string, number>>;
  metadata(): readonly TargetMetadata[];
}

export interface ActiveTarget {
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
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
}

export interface DroppedTarget {
  readonly discoveredLabels: Labels;
  readonly scrapePool: string;
}

/** What a target says of one of its metrics. */
export interface TargetMetadata {
  readonly target: Labels;
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}
