import type { Row } from '../../operators/row.ts';
import { reachInto } from '../gap.ts';
import type { RangeFunction, Windows } from './range-function.ts';

export const makeRate = (): RangeFunction => makeExtrapolated(true, true);
export const makeIncrease = (): RangeFunction => makeExtrapolated(true, false);
export const makeDelta = (): RangeFunction => makeExtrapolated(false, false);

/**
 * How the change over each window is stretched to the window's edges: up to the edge where the series seems to go
 * on, else by half an interval. This depends on the times of the samples alone, and the series of one target share
 * their times: so it is worked out once for as long as the times stay the same.
 * sum by (le) (rate(…[5m])), 72,000 series × 217 steps: 900 ms → 360 ms of CPU time, with the counting of full rows.
 */
interface Stretch {
  layout: number;
  /** By step: the first and the last sample of the window; 0 and 0 where there are no two. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** By step: what the change is multiplied with, per second for a rate. */
  readonly factor: Float64Array;
  /** By step: the stretch before the first sample, in times between first and last. */
  readonly before: Float64Array;
  /** 1 where a window holds at least two samples. */
  readonly has: Uint8Array;
  count: number;
}

function makeExtrapolated(counter: boolean, perSecond: boolean): RangeFunction {
  let stretch: Stretch | undefined;
  return (windows, row) => {
    const scale = perSecond ? 1000 / windows.range : 1;
    stretch ??= makeStretch(windows.from.length);
    if (stretch.layout !== windows.layout) measure(windows, scale, stretch);
    const { v, length } = windows.samples;
    row.has.set(stretch.has);
    row.count = stretch.count;
    if (!counter) extendGauge(v, stretch, row.v);
    else if (hasReset(v, length)) extendReset(v, length, stretch, scale, row.v);
    else extendCounter(v, stretch, scale, row.v);
  };
}

function makeStretch(steps: number): Stretch {
  const column = () => new Float64Array(steps);
  const places = () => new Int32Array(steps);
  const has = new Uint8Array(steps);
  return { layout: -1, first: places(), last: places(), factor: column(), before: column(), has, count: 0 };
}

function measure(
  { samples: { t }, from, to, ends, range, layout }: Windows,
  scale: number,
  into: Stretch,
): void {
  into.layout = layout;
  into.count = 0;
  for (let k = 0; k < from.length; k++) {
    const first = from[k]!;
    const last = to[k]! - 1;
    const two = last > first;
    into.has[k] = two ? 1 : 0;
    into.first[k] = two ? first : 0;
    into.last[k] = two ? last : 0;
    if (!two) continue;
    into.count++;
    const covered = (t[last]! - t[first]!) / 1000;
    const interval = covered / (last - first);
    const before = reachInto((t[first]! - (ends[k]! - range)) / 1000, interval);
    const after = reachInto((ends[k]! - t[last]!) / 1000, interval);
    into.factor[k] = ((covered + before + after) / covered) * scale;
    into.before[k] = before / covered;
  }
}

// Steps without two samples are computed like the others: what comes out is never looked at, and a branch costs more.

function extendGauge(v: Float64Array, { first, last, factor }: Stretch, out: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k] = (v[last[k]!]! - v[first[k]!]!) * factor[k]!;
}

function extendCounter(
  v: Float64Array,
  { first, last, factor, before }: Stretch,
  scale: number,
  out: Float64Array,
): void {
  for (let k = 0; k < out.length; k++) {
    const start = v[first[k]!]!;
    const change = v[last[k]!]! - start;
    let by = factor[k]!;
    // A counter is not stretched below zero: the line through the change meets zero start / change before the first.
    if (start >= 0 && start < before[k]! * change) by -= (before[k]! - start / change) * scale;
    out[k] = change * by;
  }
}

/** The same for a counter that fell now and then: what it had reached before each fall is added to the change. */
function extendReset(
  v: Float64Array,
  length: number,
  { first, last, factor, before }: Stretch,
  scale: number,
  out: Float64Array,
): void {
  const resets = findResets(v, length);
  let next = 0;
  for (let k = 0; k < out.length; k++) {
    const start = v[first[k]!]!;
    let change = v[last[k]!]! - start;
    while (next < resets.length && resets[next]! <= first[k]!) next++;
    for (let r = next; r < resets.length && resets[r]! <= last[k]!; r++) change += v[resets[r]! - 1]!;
    let by = factor[k]!;
    if (start >= 0 && start < before[k]! * change) by -= (before[k]! - start / change) * scale;
    out[k] = change * by;
  }
}

/** Four samples at a time: nearly all counters only rise, and this is asked of every series. */
function hasReset(v: Float64Array, length: number): boolean {
  let i = 1;
  for (; i + 4 <= length; i += 4)
    if (v[i]! < v[i - 1]! || v[i + 1]! < v[i]! || v[i + 2]! < v[i + 1]! || v[i + 3]! < v[i + 2]!) return true;
  for (; i < length; i++) if (v[i]! < v[i - 1]!) return true;
  return false;
}

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
