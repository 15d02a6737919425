/** Time as a parameter; a test gives one of its own and runs a day in milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after `ms`; what it returns cancels. */
  after(ms: number, call: () => void): () => void;
}

/** The longest delay that a timer of the platform holds: about 25 days. */
const maxDelay = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(Math.max(0, ms), maxDelay));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or at once when the signal is raised. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
