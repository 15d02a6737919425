import type { Series } from '../../api/frame.ts';

/** The `count` series with the highest peaks, in the order in which they came. */
export function largest(series: readonly Series[], count: number): readonly Series[] {
  if (series.length <= count) return series;
  const ranked = series.map((one, place) => ({ one, place, peak: peakOf(one) }));
  ranked.sort((a, b) => b.peak - a.peak);
  return ranked
    .slice(0, count)
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

function peakOf({ values }: Series): number {
  let peak = -Infinity;
  for (const value of values) if (value !== null && value > peak) peak = value;
  return peak;
}
