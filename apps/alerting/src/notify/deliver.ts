import { type Clock, pause } from '@paddlewatch/model';
import { type Channel, SendError } from '../channels/channel.ts';
import type { Notification } from './notification.ts';

/** One try to send. */
export interface Attempt {
  readonly number: number;
  readonly outcome: 'sent' | 'retrying' | 'failed';
  readonly durationMs: number;
  readonly error?: string;
}

export interface DeliverOptions {
  readonly clock: Clock;
  /** 0 to 1, for the jitter that keeps many groups from retrying in step. */
  readonly random: () => number;
  /** Raised at the flush's deadline: breaks off the send that is under way. */
  readonly signal: AbortSignal;
  /** Raised when the program stops: the send that is under way is the last. */
  readonly stopping: AbortSignal;
  readonly onAttempt: (attempt: Attempt) => void;
}

const firstPause = 500;
const growth = 1.5;
const longestPause = 60_000;

/** Sends until it works, cannot work, or the signal ends it. Whether it arrived. */
export async function deliver(
  channel: Channel,
  notification: Notification,
  options: DeliverOptions,
): Promise<boolean> {
  const { clock, random, signal, onAttempt } = options;
  const over = AbortSignal.any([signal, options.stopping]);
  for (let number = 1; ; number++) {
    const startedAt = clock.now();
    const error = await failureOf(channel.send(notification, signal));
    const attempt = { number, durationMs: clock.now() - startedAt };
    if (error === undefined) {
      onAttempt({ ...attempt, outcome: 'sent' });
      return true;
    }
    const retries = error instanceof SendError && error.retryable && !over.aborted;
    onAttempt({ ...attempt, outcome: retries ? 'retrying' : 'failed', error: error.message });
    if (!retries) return false;
    const backoff = Math.min(firstPause * growth ** (number - 1), longestPause) * (0.5 + random());
    await pause(clock, Math.max(backoff, error.retryAfter), over);
    if (over.aborted) {
      onAttempt({
        number,
        durationMs: 0,
        outcome: 'failed',
        error: `gave up after ${number} attempts: ${error.message}`,
      });
      return false;
    }
  }
}

async function failureOf(sending: Promise<void>): Promise<Error | undefined> {
  try {
    await sending;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
