/** Time as the monitor sees it; a test gives one of its own and runs a day in milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after `ms`; what it returns cancels. */
  after(ms: number, call: () => void): () => void;
}

/** Longest delay that a timer of the platform holds. */
const maxDelay = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.max(0, Math.min(ms, maxDelay)));
    return () => clearTimeout(timer);
  },
};
