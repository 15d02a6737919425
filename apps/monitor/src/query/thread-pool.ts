import type { Clock } from '@paddlewatch/model';
import { type Answer, type Job, QueryFailure, type Reply, type Request, type Shape } from './job.ts';

/** A query thread as the pool sees it. */
export interface QueryThread {
  post(request: Request): void;
  /** Tells a busy thread to give its job up: seen at its next check, also in the middle of computing. */
  cancel(id: number): void;
  terminate(): Promise<unknown>;
}

export type SpawnThread = (hooks: {
  onReply: (reply: Reply) => void;
  onDeath: (reason: Error) => void;
}) => QueryThread;

export interface PoolOptions {
  readonly spawn: SpawnThread;
  readonly clock: Clock;
  /** Threads that stand by from the start, and the most that a rush may make of them. */
  readonly minThreads: number;
  readonly maxThreads: number;
  /** Up to so many threads, a long job gets another one beside it before there is a line. */
  readonly company: number;
  /** A thread beyond the standing ones goes when it had nothing to do for so long, ms. */
  readonly idle: number;
  /** Jobs that may wait; more are turned away. */
  readonly queueLimit: number;
}

export interface RunOptions {
  readonly shape: Shape;
  /** Milliseconds for waiting and evaluating together. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

interface Pending {
  readonly id: number;
  readonly job: Job;
  readonly options: RunOptions;
  readonly queuedAt: number;
  readonly settle: (result: Answer | QueryFailure) => void;
}

interface Seat {
  readonly thread: QueryThread;
  current: Pending | undefined;
  /** Puts off the end of a thread that has nothing to do. */
  stay: () => void;
  /** Takes back that the job shall have company. */
  alone: () => void;
}

/** A line that is gone so soon is worth no further thread, which takes longer than that to start. */
const patienceMs = 50;
/** A job that takes so long gets company: a thread that short ones find free and that helps with the next long one. */
const longMs = 300;
/** A thread that has not noticed its cancellation after so long is ended by force. */
const graceMs = 5_000;

/**
 * Threads that evaluate one job each at a time. A job that finds all of them busy waits in line. The line makes further
 * threads up to a bound, so that short queries pass long ones.
 */
export class ThreadPool {
  private readonly options: PoolOptions;
  private readonly seats = new Set<Seat>();
  private readonly queue: Pending[] = [];
  private readonly timers = new Set<() => void>();
  private growing = false;
  private nextId = 1;
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    for (let i = 0; i < options.minThreads; i++) this.seat();
  }

  get threads(): number {
    return this.seats.size;
  }

  /** Jobs that wait for a thread. */
  get waiting(): number {
    return this.queue.length;
  }

  get busy(): number {
    return [...this.seats].filter(({ current }) => current).length;
  }

  /** @throws QueryFailure */
  run(job: Job, options: RunOptions): Promise<Answer> {
    if (this.closed) throw new QueryFailure('internal', 'cannot run the query: the server is stopping');
    if (options.signal?.aborted) throw new QueryFailure('canceled', 'query was canceled in query execution');
    if (this.queue.length >= this.options.queueLimit)
      throw new QueryFailure(
        'timeout',
        `cannot run the query: ${this.queue.length} others are waiting already`,
      );
    return new Promise((resolve, reject) => {
      const { clock } = this.options;
      const abort = () =>
        this.abandon(pending, new QueryFailure('canceled', 'query was canceled in query execution'));
      const cancelTimer = clock.after(options.timeout, () =>
        this.abandon(pending, new QueryFailure('timeout', 'query timed out in query execution')),
      );
      const pending: Pending = {
        id: this.nextId++,
        job,
        options,
        queuedAt: clock.now(),
        settle: (result) => {
          cancelTimer();
          options.signal?.removeEventListener('abort', abort);
          if (result instanceof QueryFailure) reject(result);
          else resolve(result);
        },
      };
      options.signal?.addEventListener('abort', abort, { once: true });
      this.queue.push(pending);
      this.dispatch();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const failure = new QueryFailure('canceled', 'query was canceled: the server is stopping');
    for (const pending of this.queue.splice(0)) pending.settle(failure);
    for (const { current } of this.seats) current?.settle(failure);
    await Promise.all([...this.seats].map(({ thread }) => thread.terminate()));
    for (const cancel of this.timers) cancel();
  }

  private dispatch(): void {
    if (this.queue.length > 0 && this.seats.size === 0) this.seat();
    while (this.queue.length > 0) {
      const free = this.free();
      if (!free) break;
      this.give(free, this.queue.shift()!);
    }
    if (this.queue.length > 0) this.growSoon();
  }

  /** Makes a further thread where the line still stands after a moment. */
  private growSoon(): void {
    if (this.growing || this.seats.size >= this.options.maxThreads) return;
    this.growing = true;
    this.after(patienceMs, () => {
      this.growing = false;
      if (this.queue.length === 0) return;
      this.seat();
      this.dispatch();
    });
  }

  private give(seat: Seat, pending: Pending): void {
    seat.current = pending;
    seat.stay();
    seat.alone = this.after(longMs, () => this.accompany());
    const waited = this.options.clock.now() - pending.queuedAt;
    const { shape, timeout } = pending.options;
    seat.thread.post({ id: pending.id, job: pending.job, shape, timeout: timeout - waited, waited });
  }

  private seat(): Seat {
    const thread = this.options.spawn({
      onReply: (reply) => this.replied(seat, reply),
      onDeath: (reason) => this.died(seat, reason),
    });
    const seat: Seat = { thread, current: undefined, stay: () => {}, alone: () => {} };
    this.seats.add(seat);
    return seat;
  }

  /** Sees to it that somebody is free beside a long job. */
  private accompany(): void {
    const free = this.free();
    if (free) this.retireLater(free);
    else if (this.seats.size < this.options.company) this.retireLater(this.seat());
  }

  private free(): Seat | undefined {
    return [...this.seats].find(({ current }) => !current);
  }

  private retireLater(seat: Seat): void {
    seat.stay();
    if (this.seats.size > this.options.minThreads)
      seat.stay = this.after(this.options.idle, () => this.remove(seat));
  }

  private replied(seat: Seat, reply: Reply): void {
    const { current } = seat;
    if (!current || current.id !== reply.id) return;
    seat.current = undefined;
    seat.alone();
    current.settle(
      'answer' in reply ? reply.answer : new QueryFailure(reply.failure.kind, reply.failure.message),
    );
    this.dispatch();
    if (!seat.current) this.retireLater(seat);
  }

  private died(seat: Seat, reason: Error): void {
    if (!this.seats.delete(seat) || this.closed) return;
    seat.stay();
    seat.alone();
    seat.current?.settle(new QueryFailure('internal', `the query ended its thread: ${reason.message}`));
    if (this.seats.size < this.options.minThreads) this.seat();
    this.dispatch();
  }

  private remove(seat: Seat): void {
    if (seat.current || this.seats.size <= this.options.minThreads || !this.seats.delete(seat)) return;
    void seat.thread.terminate();
  }

  /** Nobody waits for this job any more: out of the line, or off its thread. */
  private abandon(pending: Pending, failure: QueryFailure): void {
    pending.settle(failure);
    const at = this.queue.indexOf(pending);
    if (at >= 0) {
      this.queue.splice(at, 1);
      return;
    }
    const seat = [...this.seats].find(({ current }) => current === pending);
    if (!seat) return;
    seat.thread.cancel(pending.id);
    this.after(graceMs, () => {
      if (seat.current === pending && this.seats.has(seat)) {
        void seat.thread.terminate();
        this.died(seat, new Error('it did not stop when it was told to'));
      }
    });
  }

  /** A timer that does not outlive the pool: what is closed must not keep the process from ending. */
  private after(ms: number, call: () => void): () => void {
    const cancel = () => {
      this.timers.delete(cancel);
      stopTimer();
    };
    const stopTimer = this.options.clock.after(ms, () => {
      this.timers.delete(cancel);
      call();
    });
    this.timers.add(cancel);
    return cancel;
  }
}
