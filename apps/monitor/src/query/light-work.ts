import { createEngine, type Engine } from '@paddlewatch/promql';
import { Allowance } from './allowance.ts';
import { Answerer, type EngineSettings, failureOf } from './answerer.ts';
import { type Answer, type Job, QueryFailure, type Shape } from './job.ts';
import { Meter, MeteredStorage, type TellingStorage, TooMuchWork } from './metered-storage.ts';

export interface LightWorkOptions {
  readonly storage: TellingStorage;
  readonly engine: EngineSettings;
  /** A clock in ms of which only differences matter. */
  readonly elapsed: () => number;
}

/** Work that a warm engine does in so long is light. */
const lightMs = 3;
/** A cold engine takes longer, and what no meter sees has its end here too. */
const mostMs = 40;
/** New series that each piece of work takes into the index of the thread, 0.3 µs each. */
const catchUpSeries = 2_000;
const mostText = 1_000;
const mostSteps = 2_000;
/** For so long no second attempt is made with work that was not light. */
const heavyMs = 5 * 60_000;
/** The same for work that took too long by the clock: when the engine is warm, it may not. */
const slowMs = 1_000;
const mostVerdicts = 1_000;

/**
 * Answers light jobs on the main thread, where handing them to another thread and back would cost more than the work
 * itself. How much that takes of the thread is bounded: for each job by a meter and by the clock, together by an
 * allowance. What is beyond goes to a query thread.
 */
export class LightWork {
  private readonly options: LightWorkOptions;
  private readonly engine: Engine;
  private readonly allowance: Allowance;
  /** Until when work, by its kind and text, is not tried again. */
  private readonly verdicts = new Map<string, number>();
  private latest: Promise<unknown> = Promise.resolve();

  constructor(options: LightWorkOptions) {
    this.options = options;
    this.engine = createEngine(options.engine);
    this.allowance = new Allowance(options.elapsed);
  }

  /** Undefined where a query thread is to answer. @throws QueryFailure */
  answer(job: Job, shape: Shape, timeout: number): Promise<Answer | undefined> {
    // One after the other: each begins with what those before it have left of the allowance.
    const answer = this.latest.then(() => this.attempt(job, shape, timeout));
    this.latest = answer.catch(() => undefined);
    return answer;
  }

  /** Does the work for nobody, whatever the allowance, so that it is quicker the next time. */
  async rehearse(job: Job): Promise<void> {
    const key = keyOf(job);
    if (key !== undefined && !this.isHeavy(key)) await this.perform(key, job, 'bytes', Infinity);
  }

  private async attempt(job: Job, shape: Shape, timeout: number): Promise<Answer | undefined> {
    const key = keyOf(job);
    if (key === undefined || !this.allowance.left || this.isHeavy(key)) return undefined;
    const started = this.options.elapsed();
    try {
      return await this.perform(key, job, shape, timeout);
    } finally {
      this.allowance.spend(this.options.elapsed() - started);
    }
  }

  private async perform(key: string, job: Job, shape: Shape, timeout: number): Promise<Answer | undefined> {
    const { elapsed, storage } = this.options;
    const started = elapsed();
    const isLate = () => elapsed() - started > mostMs;
    const signal = {
      get aborted() {
        return isLate();
      },
    };
    try {
      if (!storage.catchUp(catchUpSeries)) return undefined;
      const answerer = new Answerer(this.engine, new MeteredStorage(storage, new Meter(lightMs, isLate)));
      return await answerer.answer({ id: 0, job, shape, timeout, waited: 0 }, { signal });
    } catch (error) {
      const { kind, message } = failureOf(error);
      if (kind === 'bad_data' || kind === 'timeout') throw new QueryFailure(kind, message);
      // Too much work, or a fault of which the query thread will tell.
      this.judge(key, elapsed() + (error instanceof TooMuchWork ? heavyMs : slowMs));
      return undefined;
    }
  }

  private isHeavy(key: string): boolean {
    const until = this.verdicts.get(key);
    return until !== undefined && this.options.elapsed() < until;
  }

  private judge(key: string, until: number): void {
    this.verdicts.delete(key);
    if (this.verdicts.size >= mostVerdicts) this.verdicts.delete(this.verdicts.keys().next().value!);
    this.verdicts.set(key, until);
  }
}

/** The same for work that costs about the same; undefined where it is never light. */
function keyOf(job: Job): string | undefined {
  switch (job.kind) {
    case 'instant':
      return isPlain(job.query) ? `i ${job.query}` : undefined;
    case 'range': {
      const steps = Math.floor((job.end - job.start) / job.step);
      return steps <= mostSteps && isPlain(job.query) ? `r ${job.step} ${steps} ${job.query}` : undefined;
    }
    case 'names':
    case 'values':
    case 'series':
      return JSON.stringify([job.kind, job.selectors, job.kind === 'values' ? job.name : '']);
    case 'federate':
    case 'cardinality':
      return undefined;
  }
}

/** Short, and without subqueries, whose steps no meter sees. */
function isPlain(query: string): boolean {
  return query.length <= mostText && !/\[[^\]]*:/.test(query);
}
