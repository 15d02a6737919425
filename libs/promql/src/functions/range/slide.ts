import { KahanSum } from '../../kahan.ts';
import type { Row } from '../../operators/row.ts';
import type { Windows } from './range-function.ts';

/** Below this many samples a window, looking at each window by itself is as fast. */
export const shortWindow = 12;

/** Whether windows overlap so much that sliding pays. */
export function overlaps({ from, to }: Windows): boolean {
  const n = from.length;
  if (n < 2) return false;
  let looked = 0;
  for (let k = 0; k < n; k++) looked += to[k]! - from[k]!;
  return looked > shortWindow * n && looked > 2 * (to[n - 1]! - from[0]!);
}

/** Whether the order of addition cannot matter beyond the last digits: no NaN, no infinity, no overflow on the way. */
export function isTame({ samples: { v, length } }: Windows): boolean {
  for (let i = 0; i < length; i++) if (!(v[i]! < 1e290 && v[i]! > -1e290)) return false;
  return true;
}

let suffix = new Float64Array(256);

/**
 * The extreme of each window in O(samples + steps): two stacks kept in place. `suffix[i]` is the extreme of
 * samples i … middle − 1; what came after `middle` is kept in one running value; when the window's start passes
 * the middle, the middle moves to the window's end and the suffixes are built anew, so each sample enters once.
 */
export function slideExtreme(windows: Windows, row: Row, wins: (a: number, b: number) => boolean): void {
  const { samples, from, to } = windows;
  const { v, length } = samples;
  if (suffix.length < length) suffix = new Float64Array(length * 2);
  let middle = 0;
  let next = 0;
  let running = NaN;
  for (let k = 0; k < from.length; k++) {
    const start = from[k]!;
    const end = to[k]!;
    if (start >= end) continue;
    if (start >= middle) {
      let best = NaN;
      for (let i = end - 1; i >= start; i--) {
        // Of equals the first counts, as where each window is looked at by itself: 0 and −0 are equal.
        if (wins(v[i]!, best) || v[i] === best) best = v[i]!;
        suffix[i] = best;
      }
      middle = end;
      next = end;
      running = NaN;
    }
    for (; next < end; next++) if (wins(v[next]!, running)) running = v[next]!;
    row.put(k, wins(running, suffix[start]!) ? running : suffix[start]!);
  }
}

let suffixError = new Float64Array(256);

/**
 * The sum of each window of tame values the same way, without ever subtracting: exact to the last bits whatever left
 * the window.
 */
export function slideSum(windows: Windows, row: Row): void {
  const { samples, from, to } = windows;
  const { v, length } = samples;
  if (suffix.length < length) suffix = new Float64Array(length * 2);
  if (suffixError.length < length) suffixError = new Float64Array(length * 2);
  let middle = 0;
  let next = 0;
  for (let k = 0; k < from.length; k++) {
    const start = from[k]!;
    const end = to[k]!;
    if (start >= end) continue;
    if (start >= middle) {
      running.reset();
      for (let i = end - 1; i >= start; i--) {
        running.add(v[i]!);
        suffix[i] = running.sum;
        suffixError[i] = running.error;
      }
      middle = end;
      next = end;
      running.reset();
    }
    for (; next < end; next++) running.add(v[next]!);
    both.reset(suffix[start]!);
    both.add(running.sum);
    both.error += suffixError[start]! + running.error;
    row.put(k, both.value);
  }
}

const running = new KahanSum();
const both = new KahanSum();
