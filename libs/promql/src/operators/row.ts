import type { FloatHistogram } from '@paddlewatch/model';

/** Zeros, as many as the row had that was cleared last: all rows of a grid have as many. */
let nothing = new Uint8Array(0);

/**
 * What one series has at each step of a grid, in columns that are used again for the next series. A step may hold
 * a float, a histogram or nothing; NaN is a value, so presence stands apart.
 */
export class Row {
  readonly v: Float64Array;
  /** 1 where the step holds a float or a histogram. */
  readonly has: Uint8Array;
  /** How many steps hold something. */
  count = 0;
  /** Histograms by step; absent as long as all values are floats. */
  h: (FloatHistogram | undefined)[] | undefined;

  constructor(steps: number) {
    this.v = new Float64Array(steps);
    this.has = new Uint8Array(steps);
  }

  clear(): void {
    // Copying zeros takes 25 ns for 240 steps; fill takes 4 µs.
    if (nothing.length !== this.has.length) nothing = new Uint8Array(this.has.length);
    this.has.set(nothing);
    this.count = 0;
    this.h = undefined;
  }

  copyFrom(other: Row): void {
    this.v.set(other.v);
    this.has.set(other.has);
    this.count = other.count;
    this.h = other.h && [...other.h];
  }

  /** Puts a float where nothing stood before. */
  put(step: number, value: number): void {
    this.v[step] = value;
    this.has[step] = 1;
    this.count++;
  }

  putHistogram(step: number, histogram: FloatHistogram): void {
    this.put(step, 0);
    this.h ??= [];
    this.h[step] = histogram;
  }

  /** Puts something else, or nothing, where something stood. */
  replace(step: number, value: FloatHistogram | number | undefined): void {
    this.remove(step);
    if (typeof value === 'number') this.put(step, value);
    else if (value) this.putHistogram(step, value);
  }

  remove(step: number): void {
    if (this.has[step] === 0) return;
    this.has[step] = 0;
    this.count--;
    if (this.h) this.h[step] = undefined;
  }

  /** Leaves the floats only. Says whether there were histograms. */
  dropHistograms(): boolean {
    if (!this.h) return false;
    let found = false;
    for (let k = 0; k < this.has.length; k++) {
      if (this.h[k] === undefined) continue;
      this.remove(k);
      found = true;
    }
    this.h = undefined;
    return found;
  }
}
