import type { MakeAccumulator } from './accumulator.ts';
import { Count } from './count.ts';
import { Extreme } from './extreme.ts';
import { Average, Sum } from './sum.ts';
import { Variance } from './variance.ts';

/** Aggregations that fold series one by one, and whether a histogram is something to them. */
export const accumulators: ReadonlyMap<
  string,
  { make: MakeAccumulator; histograms: 'counted' | 'ignored' | 'folded' }
> = new Map([
  ['sum', { make: (groups, steps) => new Sum(groups, steps), histograms: 'folded' }],
  ['avg', { make: (groups, steps) => new Average(groups, steps), histograms: 'folded' }],
  ['min', { make: (groups, steps) => new Extreme(groups, steps, -1), histograms: 'ignored' }],
  ['max', { make: (groups, steps) => new Extreme(groups, steps, 1), histograms: 'ignored' }],
  ['count', { make: (groups, steps) => new Count(groups, steps), histograms: 'counted' }],
  ['group', { make: (groups, steps) => new Count(groups, steps, true), histograms: 'counted' }],
  ['stddev', { make: (groups, steps) => new Variance(groups, steps, true), histograms: 'ignored' }],
  ['stdvar', { make: (groups, steps) => new Variance(groups, steps, false), histograms: 'ignored' }],
]);
