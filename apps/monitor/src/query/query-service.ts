import type { Clock } from '@paddlewatch/model';
import { formatMatcher, type Matcher, metricName, noLabels } from '@paddlewatch/model';
import type { MatrixSeries, Value, VectorSample } from '@paddlewatch/promql';
import type { Db } from '@paddlewatch/tsdb';
import type { EngineSettings } from './answerer.ts';
import type { Job } from './job.ts';
import { LightWork } from './light-work.ts';
import { ThreadPool } from './thread-pool.ts';
import { heavyQuestions, lightQuestions, valuesOf } from './usual-questions.ts';
import { warmUp } from './warm-up.ts';
import { WorkerThreads } from './worker-thread.ts';

export interface QueryServiceOptions {
  readonly clock: Clock;
  readonly db: Db;
  readonly engine: EngineSettings;
  /** `--query.timeout`, ms. */
  readonly timeout: number;
  /** `--query.max-concurrency`: the most threads that callers' queries may take. */
  readonly maxConcurrency: number;
}

/** Callers' jobs that may wait for a thread. */
const queueLimit = 1000;
/** Evaluations of rules that may wait: every group has one at a time. */
const ruleQueueLimit = 100_000;
/** Each takes 25 MiB, which a small house need not spend twice; where queries are long, there soon are two. */
const standingThreads = 1;
const companyOfLong = 2;
/** Beyond the standing ones. */
const callersIdleMs = 5 * 60_000;
const rulesIdleMs = 10 * 60_000;
/** More threads than this only take each other's processor. */
const mostThreads = 4;
/** A question that nobody asked keeps no caller waiting for longer. */
const rehearsalMs = 200;
/** Who has asked so lately will ask again. */
const askingMs = 200;

/**
 * Evaluates light queries at once and all others in threads of their own. Rules have theirs, once one of them is not
 * light, so that no dashboard delays an alert; callers share the others.
 */
export class QueryService {
  readonly callers: ThreadPool;
  readonly rules: ThreadPool;
  private readonly light: { readonly callers: LightWork; readonly rules: LightWork };
  private readonly timeout: number;
  private readonly db: Db;
  private closed = false;
  /** When the last caller came. */
  private askedAt = -Infinity;

  constructor({ clock, db, engine, timeout, maxConcurrency }: QueryServiceOptions) {
    this.db = db;
    const threads = new WorkerThreads({ handle: db.share(), engine });
    const here = { storage: db, engine, elapsed: () => performance.now() };
    this.light = { callers: new LightWork(here), rules: new LightWork(here) };
    const most = Math.max(1, Math.min(maxConcurrency, mostThreads));
    this.callers = new ThreadPool({
      ...{ spawn: threads.spawn({ lends: true }), clock, queueLimit },
      ...{ minThreads: standingThreads, maxThreads: most, company: Math.min(most, companyOfLong) },
      idle: callersIdleMs,
    });
    this.rules = new ThreadPool({
      ...{ spawn: threads.spawn({ lends: false }), clock, queueLimit: ruleQueueLimit },
      ...{ minThreads: 0, maxThreads: 2, company: 0, idle: rulesIdleMs },
    });
    this.timeout = timeout;
  }

  /** Makes the first queries quick, here and in the threads. */
  async warmUp(): Promise<void> {
    const { newest } = this.db;
    if (!Number.isFinite(newest)) return;
    // One after the other: a line would make a further thread.
    const metrics = await this.values(metricName, newest);
    const targets = await this.values('instance', newest);
    const subjects = { metrics, targets, newest };
    const elapsed = () => performance.now();
    const busy = () => elapsed() - this.askedAt < askingMs;
    const common = { elapsed, stopped: () => this.closed, busy };
    const { callers } = this.light;
    await Promise.all([
      // A caller meets one question at most, and mostly none.
      warmUp({
        ...{ ...common, questions: lightQuestions(subjects), share: 0.2 },
        ask: (job) => callers.rehearse(job),
      }),
      warmUp({
        ...{ ...common, questions: heavyQuestions(subjects), share: 0.5 },
        ask: (job) => this.callers.run(job, { shape: 'bytes', timeout: rehearsalMs }).catch(() => {}),
      }),
    ]);
  }

  private async values(name: string, newest: number): Promise<string[]> {
    const options = { shape: 'bytes', timeout: this.timeout } as const;
    const answer = await this.callers.run(valuesOf(name, newest), options);
    return 'bytes' in answer ? JSON.parse(Buffer.from(answer.bytes).toString()).data : [];
  }

  get threads(): number {
    return this.callers.threads + this.rules.threads;
  }

  /** For a caller of the API: the bytes of the whole answer. @throws QueryFailure */
  async answer(job: Job, { timeout, signal }: { timeout: number; signal: AbortSignal }): Promise<Uint8Array> {
    this.askedAt = performance.now();
    const answer =
      (await this.light.callers.answer(job, 'bytes', timeout)) ??
      (await this.callers.run(job, { shape: 'bytes', timeout, signal }));
    if ('bytes' in answer) return answer.bytes;
    throw new Error('the query thread answered with a value where bytes were asked for');
  }

  /** For a rule. A scalar comes as one sample without labels. @throws QueryFailure */
  async vector(query: string, time: number): Promise<readonly VectorSample[]> {
    const value = await this.value(query, time);
    if (value.type === 'vector') return value.samples;
    if (value.type === 'scalar') return [{ labels: noLabels, t: value.t, v: value.v }];
    throw new Error(`rule result is not a vector or scalar`);
  }

  /** The samples of a selector, for the state of before a restart. @throws QueryFailure */
  async samples(matchers: readonly Matcher[], from: number, to: number): Promise<readonly MatrixSeries[]> {
    const value = await this.value(`{${matchers.map(formatMatcher).join(',')}}[${to - from + 1}ms]`, to);
    if (value.type !== 'matrix') throw new Error(`the samples came as ${value.type}`);
    return value.series;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.callers.close(), this.rules.close()]);
  }

  private async value(query: string, time: number): Promise<Value> {
    const job = { kind: 'instant', query, time, limit: 0 } as const;
    const answer =
      (await this.light.rules.answer(job, 'value', this.timeout)) ??
      (await this.rules.run(job, { shape: 'value', timeout: this.timeout }));
    if ('value' in answer) return answer.value;
    throw new Error('the query thread answered with bytes where a value was asked for');
  }
}
