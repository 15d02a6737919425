import type { ValueType } from '../ast.ts';

/** What a function takes and gives. Argument types repeat from the last one where more may follow. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many arguments may follow the first `args.length - 1`: 0 exactly one, −1 any number, n up to n. */
  readonly variadic: number;
  readonly returns: ValueType;
}

const noArgument = (): Signature => ({ args: [], variadic: 0, returns: 'scalar' });
const takes = (...args: ValueType[]): Signature => ({ args, variadic: 0, returns: 'vector' });
const takesUpTo = (variadic: number, ...args: ValueType[]): Signature => ({
  args,
  variadic,
  returns: 'vector',
});

const ofVector = takes('vector');
const ofMatrix = takes('matrix');
const ofTime = takesUpTo(1, 'vector');

/** Every function of PromQL. The checker and the engine share this table. */
export const signatures: ReadonlyMap<string, Signature> = new Map(
  Object.entries({
    abs: ofVector,
    absent: ofVector,
    absent_over_time: ofMatrix,
    acos: ofVector,
    acosh: ofVector,
    asin: ofVector,
    asinh: ofVector,
    atan: ofVector,
    atanh: ofVector,
    avg_over_time: ofMatrix,
    ceil: ofVector,
    changes: ofMatrix,
    clamp: takes('vector', 'scalar', 'scalar'),
    clamp_max: takes('vector', 'scalar'),
    clamp_min: takes('vector', 'scalar'),
    cos: ofVector,
    cosh: ofVector,
    count_over_time: ofMatrix,
    day_of_month: ofTime,
    day_of_week: ofTime,
    day_of_year: ofTime,
    days_in_month: ofTime,
    deg: ofVector,
    delta: ofMatrix,
    deriv: ofMatrix,
    double_exponential_smoothing: takes('matrix', 'scalar', 'scalar'),
    end: noArgument(),
    exp: ofVector,
    first_over_time: ofMatrix,
    floor: ofVector,
    histogram_avg: ofVector,
    histogram_count: ofVector,
    histogram_fraction: takes('scalar', 'scalar', 'vector'),
    histogram_quantile: takes('scalar', 'vector'),
    histogram_quantiles: takesUpTo(9, 'vector', 'string', 'scalar', 'scalar'),
    histogram_stddev: ofVector,
    histogram_stdvar: ofVector,
    histogram_sum: ofVector,
    hour: ofTime,
    idelta: ofMatrix,
    increase: ofMatrix,
    info: takesUpTo(1, 'vector', 'vector'),
    irate: ofMatrix,
    label_join: takesUpTo(-1, 'vector', 'string', 'string', 'string'),
    label_replace: takes('vector', 'string', 'string', 'string', 'string'),
    last_over_time: ofMatrix,
    ln: ofVector,
    log10: ofVector,
    log2: ofVector,
    mad_over_time: ofMatrix,
    max_of: { ...takes('scalar', 'scalar'), returns: 'scalar' },
    max_over_time: ofMatrix,
    min_of: { ...takes('scalar', 'scalar'), returns: 'scalar' },
    min_over_time: ofMatrix,
    minute: ofTime,
    month: ofTime,
    pi: noArgument(),
    predict_linear: takes('matrix', 'scalar'),
    present_over_time: ofMatrix,
    quantile_over_time: takes('scalar', 'matrix'),
    rad: ofVector,
    range: noArgument(),
    rate: ofMatrix,
    resets: ofMatrix,
    round: takesUpTo(1, 'vector', 'scalar'),
    scalar: { ...ofVector, returns: 'scalar' },
    sgn: ofVector,
    sin: ofVector,
    sinh: ofVector,
    sort: ofVector,
    sort_by_label: takesUpTo(-1, 'vector', 'string'),
    sort_by_label_desc: takesUpTo(-1, 'vector', 'string'),
    sort_desc: ofVector,
    sqrt: ofVector,
    start: noArgument(),
    start_timestamp: ofVector,
    stddev_over_time: ofMatrix,
    stdvar_over_time: ofMatrix,
    step: noArgument(),
    sum_over_time: ofMatrix,
    tan: ofVector,
    tanh: ofVector,
    time: noArgument(),
    timestamp: ofVector,
    ts_of_first_over_time: ofMatrix,
    ts_of_last_over_time: ofMatrix,
    ts_of_max_over_time: ofMatrix,
    ts_of_min_over_time: ofMatrix,
    vector: takes('scalar'),
    year: ofTime,
  } satisfies Record<string, Signature>),
);
