/** Gaps up to this many average intervals at a window's edge count as the series going on. */
const longestGap = 1.1;

/**
 * How far a series is taken to reach into the gap between its samples and the window's edge: through a short one, else
 * half an interval. In seconds, as Prometheus reckons: of a gap that is just the longest, rounding decides.
 */
export function reachInto(gap: number, interval: number): number {
  return gap >= interval * longestGap ? interval / 2 : gap;
}
