/**
 * How much of its time a thread may give to something beside its duty: half, and never much at once. What is spent is
 * earned back as time passes.
 */
export class Allowance {
  private readonly elapsed: () => number;
  private owed = 0;
  private at: number;

  /** `elapsed` is a clock in ms of which only differences matter. */
  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
    this.at = elapsed();
  }

  get left(): boolean {
    this.earn();
    return this.owed < mostOwedMs;
  }

  spend(ms: number): void {
    this.earn();
    this.owed += ms;
  }

  private earn(): void {
    const now = this.elapsed();
    this.owed = Math.max(0, this.owed - (now - this.at) * share);
    this.at = now;
  }
}

/** Work that follows on work without a pause ends after twice this time. */
const mostOwedMs = 20;
const share = 0.5;
