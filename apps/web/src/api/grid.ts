import type { Grid } from './frame.ts';

/** Enough for a chart of 1,000 pixels: more points than this nobody sees. */
const maxPoints = 360;
const niceSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/**
 * Times of a range that ends at `endMs`. Steps are never finer than the scrape interval (`scrapeS`), and times are whole
 * multiples of the step, so that a refresh adds points at the right and moves none of the old.
 */
export function gridFor(spanMs: number, endMs: number, scrapeS: number): Grid {
  const spanS = spanMs / 1000;
  const least = Math.max(spanS / maxPoints, Math.min(scrapeS, spanS / 30), 1);
  const step = niceSteps.find((nice) => nice >= least) ?? Math.ceil(least / 86_400) * 86_400;
  const end = Math.floor(endMs / 1000 / step) * step;
  return { start: end - Math.floor(spanS / step) * step, end, step };
}

/**
 * The window of `rate()` in seconds: four scrapes, so that one lost scrape leaves a rate; one minute at least; and no
 * narrower than the step, so that no sample falls between two points.
 */
export function rateWindow(stepS: number, scrapeS: number): number {
  return Math.max(60, Math.ceil(4 * scrapeS), stepS);
}
