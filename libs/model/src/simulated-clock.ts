import type { Clock } from './clock.ts';

/** A clock for tests: time moves only by `advance`, and everything due happens in order, its promises settled. */
export class SimulatedClock implements Clock {
  #time: number;
  readonly #due = new Set<{ readonly at: number; readonly call: () => void }>();

  constructor(start = 0) {
    this.#time = start;
  }

  now(): number {
    return this.#time;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#time + Math.max(0, ms), call };
    this.#due.add(entry);
    return () => this.#due.delete(entry);
  }

  /** Calls that are still to come: none once everything has been stopped. */
  get pending(): number {
    return this.#due.size;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settled();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#due.delete(next);
      this.#time = next.at;
      next.call();
      await settled();
    }
    this.#time = end;
  }

  #next(end: number) {
    let first: { readonly at: number; readonly call: () => void } | undefined;
    for (const entry of this.#due) if (entry.at <= end && (!first || entry.at < first.at)) first = entry;
    return first;
  }
}

/** Lets promise chains that need no I/O run to their end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
