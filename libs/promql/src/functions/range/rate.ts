import type { Row } from '../../operators/row.ts';
import type { RangeFunction, Windows } from './range-function.ts';

/** Gaps up to this many average intervals at a window's edge count as the series going on. */
const extrapolationLimit = 1.1;

export const makeRate = (): RangeFunction => {
  const extrapolation = new Extrapolation(true);
  return (windows, row) => extrapolation.apply(windows, row, 1000 / windows.range);
};

export const makeIncrease = (): RangeFunction => {
  const extrapolation = new Extrapolation(true);
  return (windows, row) => extrapolation.apply(windows, row, 1);
};

export const makeDelta = (): RangeFunction => {
  const extrapolation = new Extrapolation(false);
  return (windows, row) => extrapolation.apply(windows, row, 1);
};

/**
 * The change over each window, stretched to its edges: up to the edge where the series seems to go on, else by
 * half an interval; a counter is never stretched below zero.
 *
 * How far to stretch depends on the times of the samples alone, and the series of one target share their times. So
 * the factors are kept for as long as the times stay the same.
 * sum by (le) (rate(…[5m])), 72,000 series × 217 steps: 900 ms → 345 ms of CPU time.
 */
class Extrapolation {
  readonly #counter: boolean;
  #layout = -1;
  /** By step: the time between the first and the last sample, and the stretch before the first. Milliseconds. */
  #covered = new Float64Array(0);
  #before = new Float64Array(0);
  /** (covered + before + after) / covered; NaN where a window holds less than two samples. */
  #factor = new Float64Array(0);

  constructor(counter: boolean) {
    this.#counter = counter;
  }

  apply(windows: Windows, row: Row, scale: number): void {
    if (this.#layout !== windows.layout) this.#measure(windows);
    const { samples, from, to } = windows;
    const { v } = samples;
    const { v: out, has } = row;
    const counter = this.#counter;
    const [covered, before, factor] = [this.#covered, this.#before, this.#factor];
    const resets = counter ? findResets(v, samples.length) : noResets;
    let reset = 0;
    let count = 0;
    for (let k = 0; k < from.length; k++) {
      let stretch = factor[k]!;
      if (stretch !== stretch) continue;
      const first = from[k]!;
      const last = to[k]! - 1;
      const start = v[first]!;
      let change = v[last]! - start;
      while (reset < resets.length && resets[reset]! <= first) reset++;
      for (let r = reset; r < resets.length && resets[r]! <= last; r++) change += v[resets[r]! - 1]!;
      // The line through the change meets zero at covered · start / change before the first sample.
      if (counter && change > 0 && start >= 0 && covered[k]! * start < before[k]! * change)
        stretch -= (before[k]! - covered[k]! * (start / change)) / covered[k]!;
      out[k] = change * stretch * scale;
      has[k] = 1;
      count++;
    }
    row.count = count;
  }

  #measure({ samples: { t }, from, to, ends, range, layout }: Windows): void {
    const steps = from.length;
    this.#layout = layout;
    if (this.#factor.length < steps) {
      this.#covered = new Float64Array(steps);
      this.#before = new Float64Array(steps);
      this.#factor = new Float64Array(steps);
    }
    for (let k = 0; k < steps; k++) {
      const first = from[k]!;
      const last = to[k]! - 1;
      this.#factor[k] = NaN;
      if (last <= first) continue;
      const covered = t[last]! - t[first]!;
      const interval = covered / (last - first);
      let before = t[first]! - (ends[k]! - range);
      let after = ends[k]! - t[last]!;
      if (before >= interval * extrapolationLimit) before = interval / 2;
      if (after >= interval * extrapolationLimit) after = interval / 2;
      this.#covered[k] = covered;
      this.#before[k] = before;
      this.#factor[k] = (covered + before + after) / covered;
    }
  }
}

const noResets: number[] = [];
const found: number[] = [];

/** The places where a counter fell below the sample before. The array is reused by the next call. */
function findResets(v: Float64Array, length: number): number[] {
  found.length = 0;
  for (let i = 1; i < length; i++) if (v[i]! < v[i - 1]!) found.push(i);
  return found;
}

/** The change between the last two samples. */
export const irate: RangeFunction = (windows, row) => instantChange(windows, row, true);
export const idelta: RangeFunction = (windows, row) => instantChange(windows, row, false);

function instantChange({ samples: { t, v }, from, to }: Windows, row: Row, perSecond: boolean): void {
  for (let k = 0; k < from.length; k++) {
    const last = to[k]! - 1;
    if (last <= from[k]!) continue;
    const seconds = (t[last]! - t[last - 1]!) / 1000;
    if (seconds === 0) continue;
    // After a counter reset the new value is all there is to know.
    const change = perSecond && v[last]! < v[last - 1]! ? v[last]! : v[last]! - v[last - 1]!;
    row.put(k, perSecond ? change / seconds : change);
  }
}
