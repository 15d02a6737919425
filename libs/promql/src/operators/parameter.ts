import { maximum, minimum } from '../extremes.ts';

/** What the parameter of an aggregation is over all steps; whether it is in order is asked of these once. */
export interface ParameterRange {
  readonly least: number;
  readonly most: number;
  readonly hasNaN: boolean;
}

export function parameterRange(values: Float64Array): ParameterRange {
  return {
    least: values.reduce(minimum, Infinity),
    most: values.reduce(maximum, -Infinity),
    hasNaN: values.some((value) => value !== value),
  };
}
