import type { Clock } from '@paddlewatch/model';

/** The storage, as far as forgetting needs it. */
export interface Forgetful {
  stats(): { readonly minTime: number };
  /** Drops samples before a time, ms. */
  truncate(mint: number): Promise<void>;
}

export interface RetentionOptions {
  readonly storage: Forgetful;
  readonly clock: Clock;
  /** How long samples are kept, ms. 0: for ever. */
  readonly age: number;
  readonly log: (line: string) => void;
}

const longestPause = 3_600_000;

/** Drops, now and then, what the head holds and is older than the retention; blocks are the storage's own affair. */
export class Retention {
  age: number;
  private readonly options: RetentionOptions;
  private cancel = () => {};
  private current: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(options: RetentionOptions) {
    this.options = options;
    this.age = options.age;
    this.wait();
  }

  /** Ends after a truncation that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.current;
  }

  private wait(): void {
    if (this.stopped) return;
    // Often enough that no more than a tenth too much is kept.
    const pause = this.age > 0 ? Math.min(longestPause, this.age / 10) : longestPause;
    this.cancel = this.options.clock.after(pause, () => {
      this.current = this.forget().then(() => this.wait());
    });
  }

  private async forget(): Promise<void> {
    const { storage, clock, log } = this.options;
    const oldest = clock.now() - this.age;
    if (this.age === 0 || !(storage.stats().minTime < oldest)) return;
    try {
      await storage.truncate(oldest);
    } catch (error) {
      log(`cannot drop samples before ${new Date(oldest).toISOString()}: ${(error as Error).message}`);
    }
  }
}
