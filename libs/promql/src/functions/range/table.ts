import { changes, resets } from './counting.ts';
import * as overTime from './over-time.ts';
import type { MakeRangeFunction, RangeFunction } from './range-function.ts';
import { idelta, irate, makeDelta, makeIncrease, makeRate } from './rate.ts';
import { doubleExponentialSmoothing } from './smoothing.ts';
import { deriv, predictLinear } from './trend.ts';

const stateless: Readonly<Record<string, RangeFunction>> = {
  irate,
  idelta,
  changes,
  resets,
  deriv,
  predict_linear: predictLinear,
  double_exponential_smoothing: doubleExponentialSmoothing,
  sum_over_time: overTime.sumOverTime,
  avg_over_time: overTime.avgOverTime,
  min_over_time: overTime.minOverTime,
  max_over_time: overTime.maxOverTime,
  count_over_time: overTime.countOverTime,
  present_over_time: overTime.presentOverTime,
  first_over_time: overTime.firstOverTime,
  last_over_time: overTime.lastOverTime,
  stddev_over_time: overTime.stddevOverTime,
  stdvar_over_time: overTime.stdvarOverTime,
  quantile_over_time: overTime.quantileOverTime,
  mad_over_time: overTime.madOverTime,
  ts_of_first_over_time: overTime.tsOfFirstOverTime,
  ts_of_last_over_time: overTime.tsOfLastOverTime,
  ts_of_min_over_time: overTime.tsOfMinOverTime,
  ts_of_max_over_time: overTime.tsOfMaxOverTime,
};

/** All functions of a range of samples, by name. */
export const rangeFunctions: ReadonlyMap<string, MakeRangeFunction> = new Map<string, MakeRangeFunction>([
  ['rate', makeRate],
  ['increase', makeIncrease],
  ['delta', makeDelta],
  ...Object.entries(stateless).map(([name, apply]) => [name, () => apply] as const),
]);

/** Range functions whose result is still a sample of that metric, so that it keeps the name. */
export const nameKeeping: ReadonlySet<string> = new Set(['first_over_time', 'last_over_time']);
