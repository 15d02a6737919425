/** A span of time in nanoseconds, as Go's time.Duration. */
export class Duration {
  readonly nanoseconds: number;

  constructor(nanoseconds: number) {
    this.nanoseconds = nanoseconds;
  }

  static ofSeconds(seconds: number): Duration {
    return new Duration(Math.trunc(seconds * 1e9));
  }

  Nanoseconds(): bigint {
    return BigInt(this.nanoseconds);
  }

  Milliseconds(): bigint {
    return BigInt(Math.trunc(this.nanoseconds / 1e6));
  }

  Seconds(): number {
    return this.nanoseconds / 1e9;
  }

  Minutes(): number {
    return this.nanoseconds / 6e10;
  }

  Hours(): number {
    return this.nanoseconds / 3.6e12;
  }

  Truncate(step: Duration): Duration {
    return step.nanoseconds <= 0
      ? this
      : new Duration(this.nanoseconds - (this.nanoseconds % step.nanoseconds));
  }

  Round(step: Duration): Duration {
    if (step.nanoseconds <= 0) return this;
    const rounded = Math.round(Math.abs(this.nanoseconds) / step.nanoseconds) * step.nanoseconds;
    return new Duration(Math.sign(this.nanoseconds) * rounded);
  }

  /** `1h2m3.5s`, `1.5ms`, `0s`. */
  String(): string {
    const total = Math.abs(this.nanoseconds);
    const sign = this.nanoseconds < 0 ? '-' : '';
    if (total === 0) return '0s';
    if (total < 1e3) return `${sign}${total}ns`;
    if (total < 1e6) return `${sign}${total / 1e3}µs`;
    if (total < 1e9) return `${sign}${total / 1e6}ms`;
    const hours = Math.floor(total / 3.6e12);
    const minutes = Math.floor((total % 3.6e12) / 6e10);
    const seconds = `${(total % 6e10) / 1e9}s`;
    if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
    return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
  }

  toString(): string {
    return this.String();
  }
}
