import type { Row } from '../../operators/row.ts';
import type { SampleBuffer } from '../../sample-buffer.ts';

/** The samples of one series and, for each step, the window the function sees. */
export interface Windows {
  /** Without staleness markers. */
  samples: SampleBuffer;
  /** The window of step k is samples[from[k]] … samples[to[k] − 1]. Both rise with k. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Changes whenever the times of the samples, and with them the windows, are not those of the series before. */
  layout: number;
  /** The right edge of each window (inclusive), ms; the left edge (exclusive) is `range` before it. */
  readonly ends: Float64Array;
  /** Milliseconds. */
  readonly range: number;
  /** The evaluation time of each step, ms: differs from `ends` under `offset` and `@`. */
  readonly times: Float64Array;
  /** The scalar arguments, one number a step. */
  readonly args: readonly Float64Array[];
}

/** Fills an empty row from the windows of one series. */
export type RangeFunction = (windows: Windows, row: Row) => void;

/** Made anew for each operator, so that a function may keep what it knows from series to series. */
export type MakeRangeFunction = () => RangeFunction;

/** A function that looks at each window by itself: fine where windows are short, or where no sliding form exists. */
export function eachWindow(
  value: (v: Float64Array, from: number, to: number) => number,
  least = 1,
): RangeFunction {
  return ({ samples: { v }, from, to }, row) => {
    for (let k = 0; k < from.length; k++)
      if (to[k]! - from[k]! >= least) row.put(k, value(v, from[k]!, to[k]!));
  };
}
