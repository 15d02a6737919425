import type { Labels } from './frame.ts';
import { ask } from './request.ts';

/** Label sets of every series that had samples between `start` and `end` (seconds) and fits a selector. */
export function series(
  selectors: string[],
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<Labels[]> {
  return ask('v1/series', { 'match[]': selectors, start, end }, signal, 'POST');
}
