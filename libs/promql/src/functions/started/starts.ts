import { isCounterReset } from '@paddlewatch/model';
import type { MixedWindow } from '../histogram/window.ts';

/**
 * Whether a sample says by its start that its counter began after the sample before. A start at that very sample is
 * a beginning where samples are deltas, each starting where the one before ended; but not where the one before has
 * no start or starts nowhere earlier: then the start is only the first time that somebody looked.
 */
export function startsAnew({ t, starts }: MixedWindow, i: number): boolean {
  const start = starts[i];
  const before = t[i - 1]!;
  if (start === undefined || start < before || start >= t[i]!) return false;
  if (start > before) return true;
  const previous = starts[i - 1];
  return previous !== undefined && previous < before;
}

/** Whether a counter began anew at a sample, by its start or because it fell. */
export function beginsAnew(window: MixedWindow, i: number): boolean {
  if (startsAnew(window, i)) return true;
  const [before, now] = [window.h[i - 1], window.h[i]];
  return before && now ? isCounterReset(before, now) : window.v[i]! < window.v[i - 1]!;
}

/** Whether a start lies before the sample before, and is not the start of that sample too. */
export function overlaps({ t, starts }: MixedWindow, i: number): boolean {
  const start = starts[i];
  return start !== undefined && start < t[i - 1]! && start !== starts[i - 1];
}
