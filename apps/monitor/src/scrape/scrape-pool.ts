import type { Clock, Labels } from '@paddlewatch/model';
import type { JobConfig } from '../config/inherit.ts';
import { type Provider, providersOf, type TargetGroup } from '../discovery/provider.ts';
import type { HttpClient } from '../http/client.ts';
import type { Agenda } from './agenda.ts';
import type { CommitGroup } from './commit-group.ts';
import type { ScrapeMetrics } from './metrics.ts';
import type { Newcomers } from './newcomers.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { buildTarget, type Target } from './target.ts';

export interface PoolContext {
  readonly commits: CommitGroup;
  readonly metrics: ScrapeMetrics;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly newcomers: Newcomers;
  /** Where relative paths of the configuration start. */
  readonly folder: string;
  readonly userAgent: string;
  /** Hears of discovery that fails and of targets that cannot be scraped. */
  readonly onError: (error: Error, job: string) => void;
}

/** The targets of one scrape job, as discovery finds them, each with its loop. */
export class ScrapePool {
  readonly job: JobConfig;
  loops = new Map<string, ScrapeLoop>();
  /** Labels of what relabelling dropped, at most `keep_dropped_targets` of them; `droppedCount` says how many there were. */
  dropped: readonly Labels[] = [];
  droppedCount = 0;
  readonly #context: PoolContext;
  readonly #client: HttpClient;
  readonly #providers: readonly Provider[];
  readonly #groups: (readonly TargetGroup[])[];

  constructor(job: JobConfig, client: HttpClient, context: PoolContext) {
    this.job = job;
    this.#client = client;
    this.#context = context;
    const { clock, folder } = context;
    const onError = (error: Error) => context.onError(error, job.job_name);
    this.#providers = providersOf(job, { clock, folder, onError });
    this.#groups = this.#providers.map(() => []);
  }

  start(): void {
    for (const [i, provider] of this.#providers.entries()) {
      provider.start((groups) => {
        this.#groups[i] = groups;
        this.#sync();
      });
    }
  }

  /** Ends discovery and all scrapes; the series stay as they are. */
  async stop(): Promise<void> {
    for (const provider of this.#providers) provider.stop();
    for (const loop of this.loops.values()) loop.stop();
    await this.#client.close();
  }

  /** Ends discovery and all scrapes, and soon the series too, unless others go on with them. */
  async retire(): Promise<void> {
    for (const provider of this.#providers) provider.stop();
    for (const loop of this.loops.values()) loop.retire();
    await this.#client.close();
  }

  #sync(): void {
    const targets = this.#targets();
    const { target_limit: limit, job_name: name } = this.job;
    const forcedError =
      limit > 0 && targets.size > limit
        ? `the job has ${targets.size} targets, over its target_limit of ${limit}`
        : undefined;
    for (const [key, loop] of this.loops) {
      if (targets.has(key)) continue;
      loop.retire();
      this.loops.delete(key);
    }
    for (const [key, target] of targets) {
      if (!this.loops.has(key)) this.#start(target);
      this.loops.get(key)!.forcedError = forcedError;
    }
    this.#context.metrics.targets.with(name).set(targets.size);
  }

  #start(target: Target): void {
    const loop = new ScrapeLoop(target, { ...this.#context, job: this.job, client: this.#client });
    this.loops.set(target.key, loop);
    loop.start();
  }

  /** What all groups come to, each target once. */
  #targets(): Map<string, Target> {
    const targets = new Map<string, Target>();
    const dropped: Labels[] = [];
    for (const { targets: addresses, labels } of this.#groups.flat()) {
      for (const address of addresses) {
        const outcome = buildTarget({ ...labels, __address__: address }, this.job);
        if ('target' in outcome) targets.set(outcome.target.key, outcome.target);
        else if ('dropped' in outcome) dropped.push(outcome.dropped);
        else this.#context.onError(outcome.fault, this.job.job_name);
      }
    }
    this.droppedCount = dropped.length;
    this.dropped =
      this.job.keep_dropped_targets > 0 ? dropped.slice(0, this.job.keep_dropped_targets) : dropped;
    return targets;
  }
}
