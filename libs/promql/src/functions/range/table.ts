import { changes, resets } from './counting.ts';
import * as overTime from './over-time.ts';
import type { RangeFunction } from './range-function.ts';
import { delta, idelta, increase, irate, rate } from './rate.ts';
import { deriv, doubleExponentialSmoothing, predictLinear } from './trend.ts';

/** All functions of a range of samples, by name. */
export const rangeFunctions: ReadonlyMap<string, RangeFunction> = new Map(
  Object.entries({
    rate,
    increase,
    delta,
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
  }),
);

/** Range functions whose result is still a sample of that metric, so that it keeps the name. */
export const nameKeeping: ReadonlySet<string> = new Set(['first_over_time', 'last_over_time']);
