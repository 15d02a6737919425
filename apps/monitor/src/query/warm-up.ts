import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from './job.ts';

export interface WarmUpOptions {
  /** Asked in turn. */
  readonly questions: readonly Job[];
  readonly ask: (job: Job) => Promise<unknown>;
  /** The part of the time that it takes after the first half a second. */
  readonly share: number;
  /** A clock in ms of which only differences matter. */
  readonly elapsed: () => number;
  readonly stopped: () => boolean;
  /** Whether callers have questions of their own: then it waits. */
  readonly busy: () => boolean;
  /** Lets the event loop do what waits, for that many ms at least. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** So much it asks without a pause: the first caller may come at once. */
const hurryMs = 500;
/** What all questions may take together. */
const mostMs = 1_500;
/** Where each takes little, so many are enough. */
const rounds = 50;
const busyMs = 50;

/**
 * Asks about what is stored what people ask, one question in a turn of the event loop: a cold engine takes 30 ms for
 * the first light query, two for the hundredth and one for the thousandth, and the first one is a person's who has
 * just restarted the server.
 */
export async function warmUp(options: WarmUpOptions): Promise<void> {
  const { questions, ask, share, elapsed, stopped, busy, pause = turn } = options;
  let [last, spent] = [0, 0];
  for (let round = 0; round < rounds; round++)
    for (const job of questions) {
      await pause(spent < hurryMs ? 0 : last * (1 / share - 1));
      while (busy() && !stopped()) await pause(busyMs);
      if (stopped() || spent > mostMs) return;
      const began = elapsed();
      await ask(job);
      last = elapsed() - began;
      spent += last;
    }
}

/** A timer of zero would cost a millisecond. */
function turn(ms: number): Promise<unknown> {
  return ms > 0 ? delay(ms, undefined, { ref: false }) : new Promise((resolve) => setImmediate(resolve));
}
