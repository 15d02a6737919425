import type { Row } from '../../operators/row.ts';
import type { RangeFunction, Windows } from './range-function.ts';

/** Gaps up to this many average intervals at a window's edge count as the series going on. */
const extrapolationLimit = 1.1;

export const rate: RangeFunction = (windows, row) => extrapolated(windows, row, true, 1000 / windows.range);
export const increase: RangeFunction = (windows, row) => extrapolated(windows, row, true, 1);
export const delta: RangeFunction = (windows, row) => extrapolated(windows, row, false, 1);

/**
 * The change over each window, stretched to its edges: up to the edge where the series seems to go on, else by
 * half an interval; a counter is never stretched below zero.
 */
function extrapolated(windows: Windows, row: Row, counter: boolean, scale: number): void {
  const { samples, from, to, ends, range } = windows;
  const { t, v } = samples;
  const { v: out, has } = row;
  const resets = counter ? findResets(v, samples.length) : noResets;
  let firstReset = 0;
  for (let k = 0; k < from.length; k++) {
    const first = from[k]!;
    const last = to[k]! - 1;
    if (last <= first) continue;
    let change = v[last]! - v[first]!;
    while (firstReset < resets.length && resets[firstReset]! <= first) firstReset++;
    for (let r = firstReset; r < resets.length && resets[r]! <= last; r++) change += v[resets[r]! - 1]!;

    const covered = t[last]! - t[first]!;
    const interval = covered / (last - first);
    let before = t[first]! - (ends[k]! - range);
    let after = ends[k]! - t[last]!;
    if (before >= interval * extrapolationLimit) before = interval / 2;
    if (counter && change > 0 && v[first]! >= 0) {
      const toZero = covered * (v[first]! / change);
      if (toZero < before) before = toZero;
    }
    if (after >= interval * extrapolationLimit) after = interval / 2;
    out[k] = change * ((covered + before + after) / covered) * scale;
    has[k] = 1;
    row.count++;
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
