import type { Row } from '../../operators/row.ts';

/** What a function of single values knows besides the value. */
export interface MapContext {
  /** The evaluation time of each step, ms. */
  readonly times: Float64Array;
  /** The scalar arguments, one number a step. */
  readonly args: readonly Float64Array[];
}

/** Changes the floats of a row in place; the row holds no histograms. */
export type MapFunction = (row: Row, context: MapContext) => void;

export function eachValue(value: (v: number) => number): MapFunction {
  return ({ v, has }) => {
    for (let k = 0; k < v.length; k++) if (has[k] === 1) v[k] = value(v[k]!);
  };
}
