import { Secret } from '@paddlewatch/config';
import { Registry } from '@paddlewatch/metrics';
import type { Labels } from '@paddlewatch/model';
import { type Clock, systemClock } from '@paddlewatch/model';
import type { JobConfig } from '../config/inherit.ts';
import { createHttpClient } from '../http/client.ts';
import { Agenda } from './agenda.ts';
import type { SampleAppender } from './appender.ts';
import { CommitGroup } from './commit-group.ts';
import { scrapeMetrics } from './metrics.ts';
import { Newcomers } from './newcomers.ts';
import { type PoolContext, ScrapePool } from './scrape-pool.ts';

export interface ScrapeOptions {
  /** Used by all targets in turn: nothing else may append to it. */
  readonly appender: SampleAppender;
  /** Where relative paths of the configuration start. */
  readonly folder: string;
  readonly registry?: Registry;
  readonly clock?: Clock;
  readonly userAgent?: string;
  /** Makes the client of a job. */
  readonly createClient?: typeof createHttpClient;
  /** Hears of discovery that fails and of targets that cannot be scraped, by job. */
  readonly onError?: (error: Error, job: string) => void;
}

/** A target and how its last scrape went. */
export interface ActiveTarget {
  readonly scrapePool: string;
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  /** '' where there was none. */
  readonly lastError: string;
  /** Milliseconds; undefined before the first scrape. */
  readonly lastScrape: number | undefined;
  /** Seconds. */
  readonly lastScrapeDuration: number;
  /** Milliseconds. */
  readonly scrapeInterval: number;
  readonly scrapeTimeout: number;
}

export interface DroppedTarget {
  readonly scrapePool: string;
  readonly discoveredLabels: Labels;
}

/** What a target says of one of its metrics. */
export interface TargetMetadata {
  readonly target: Labels;
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** All scrape jobs of a configuration at work. */
export class ScrapePools {
  readonly #context: PoolContext;
  readonly #createClient: typeof createHttpClient;
  #pools = new Map<string, ScrapePool>();

  constructor(options: ScrapeOptions) {
    this.#createClient = options.createClient ?? createHttpClient;
    const clock = options.clock ?? systemClock;
    const agenda = new Agenda(clock);
    const metrics = scrapeMetrics(options.registry ?? new Registry());
    this.#context = {
      commits: new CommitGroup(options.appender, metrics, clock, agenda),
      folder: options.folder,
      metrics,
      clock,
      agenda,
      newcomers: new Newcomers(clock),
      userAgent: options.userAgent ?? 'Paddlewatch/0.1.0',
      onError: options.onError ?? (() => {}),
    };
  }

  /**
   * Makes these the jobs at work. A job that is as it was goes on undisturbed; a changed one begins anew.
   * @throws where a file of a job's TLS settings cannot be read; then everything stays as it was.
   */
  async update(jobs: readonly JobConfig[]): Promise<void> {
    const next = new Map<string, ScrapePool>();
    const started: ScrapePool[] = [];
    const clients = await Promise.all(jobs.map((job) => this.#createClient(job, this.#context.clock)));
    for (const [i, job] of jobs.entries()) {
      const running = this.#pools.get(job.job_name);
      if (running && fingerprint(running.job) === fingerprint(job)) {
        next.set(job.job_name, running);
        await clients[i]!.close();
      } else {
        const pool = new ScrapePool(job, clients[i]!, this.#context);
        next.set(job.job_name, pool);
        started.push(pool);
      }
    }
    const ended = [...this.#pools.values()].filter((pool) => next.get(pool.job.job_name) !== pool);
    this.#pools = next;
    await Promise.all(ended.map((pool) => this.#retire(pool)));
    for (const pool of started) pool.start();
  }

  /** Ends all scrapes at once; what they brought is stored. */
  async stop(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools = new Map();
    await Promise.all(pools.map((pool) => pool.stop()));
    this.#context.commits.commit();
  }

  /** Names of the jobs. */
  names(): string[] {
    return [...this.#pools.keys()];
  }

  active(): ActiveTarget[] {
    return this.#loops().map(([scrapePool, { target, last }]) => ({
      scrapePool,
      discoveredLabels: target.discoveredLabels,
      labels: target.labels,
      scrapeUrl: target.url.href,
      health: last === undefined ? 'unknown' : last.error === '' ? 'up' : 'down',
      lastError: last?.error ?? '',
      lastScrape: last?.at,
      lastScrapeDuration: last?.seconds ?? 0,
      scrapeInterval: target.intervalMs,
      scrapeTimeout: target.timeoutMs,
    }));
  }

  dropped(): DroppedTarget[] {
    return [...this.#pools].flatMap(([scrapePool, { dropped }]) =>
      dropped.map((discoveredLabels) => ({ scrapePool, discoveredLabels })),
    );
  }

  /** How many targets each job dropped, those that `dropped` does not keep among them. */
  droppedCounts(): Record<string, number> {
    return Object.fromEntries([...this.#pools].map(([name, pool]) => [name, pool.droppedCount]));
  }

  /** What the pages last scraped say of their metrics. */
  metadata(): TargetMetadata[] {
    return this.#loops().flatMap(([, { target, cache }]) => {
      const metrics = new Map<string, { type: string; help: string; unit: string }>();
      for (const [name, what, text] of cache.metadata()) {
        const metric = metrics.get(name) ?? { type: 'unknown', help: '', unit: '' };
        metrics.set(name, { ...metric, [what]: what === 'type' && text === 'untyped' ? 'unknown' : text });
      }
      return [...metrics].map(([metric, said]) => ({ target: target.labels, metric, ...said }));
    });
  }

  #loops() {
    return [...this.#pools].flatMap(([name, pool]) =>
      [...pool.loops.values()].map((loop) => [name, loop] as const),
    );
  }

  async #retire(pool: ScrapePool): Promise<void> {
    const { metrics } = this.#context;
    if (!this.#pools.has(pool.job.job_name)) metrics.targets.remove(pool.job.job_name);
    await pool.retire();
  }
}

/** Equal exactly for jobs that do the same, secrets included. */
function fingerprint(job: JobConfig): string {
  return JSON.stringify(job, function (this: Record<string, unknown>, key, value) {
    const raw = this[key];
    return raw instanceof Secret ? raw.reveal() : value;
  });
}
