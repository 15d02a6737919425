import { QueryError } from './query-error.ts';

export interface BudgetLimits {
  readonly maxSamples: number;
  /** On the clock of `now`, ms. */
  readonly deadline: number;
  readonly now: () => number;
  /** An AbortSignal, or anything that can be asked: a flag in shared memory reaches a busy thread, an event does not. */
  readonly signal: { readonly aborted: boolean } | undefined;
}

/** The part of a budget that another thread gets; the time in ms. */
export interface Share {
  readonly maxSamples: number;
  readonly timeout: number;
}

/** What another thread used. */
export interface Use {
  readonly queryable: number;
  /** Most samples it looked at besides those that it held. */
  readonly widest: number;
}

/** What a query may use, and what it has used. Every loop over series asks `check` now and then. */
export class Budget {
  /** Samples that windows and selectors looked at, as Prometheus counts them: once for each step that sees them. */
  queryable = 0;
  peak = 0;
  #held = 0;
  #steps = 0;
  readonly #limits: BudgetLimits;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  /** @throws QueryError when the query was cancelled or its time is up. */
  check(): void {
    const { signal, now, deadline } = this.#limits;
    if (signal?.aborted) throw new QueryError('query was canceled in expression evaluation', 'canceled');
    if (now() > deadline) throw new QueryError('query timed out in expression evaluation', 'timeout');
  }

  /** Takes room for samples that stay in memory. @throws QueryError above the limit. */
  hold(samples: number): void {
    this.#held += samples;
    this.glance(0);
  }

  /** Has room for samples that are looked at together and then let go. @throws QueryError above the limit. */
  glance(samples: number): void {
    const most = this.#held + samples;
    if (most > this.peak) this.peak = most;
    if (most > this.#limits.maxSamples) throw tooManySamples();
  }

  /** Takes room for the row that an operator works in. @throws QueryError where such rows exceed the samples allowed. */
  work(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#limits.maxSamples) throw tooManySamples();
  }

  /** What somebody else may use for this query, and for how long. */
  get share(): Share {
    const { maxSamples, now, deadline } = this.#limits;
    return { maxSamples, timeout: deadline - now() };
  }

  get used(): Use {
    return { queryable: this.queryable, widest: this.peak - this.#held };
  }

  /** Adds what somebody else used for this query. @throws QueryError above the limit. */
  add({ queryable, widest }: Use): void {
    this.queryable += queryable;
    this.glance(widest);
  }

  release(samples: number): void {
    this.#held -= samples;
  }
}

function tooManySamples(): QueryError {
  return new QueryError('query processing would load too many samples into memory in query execution');
}

/** How many series a loop works through between two checks: some hundred microseconds of work. */
export const checkEvery = 64;
