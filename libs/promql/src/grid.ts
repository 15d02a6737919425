/** The evaluation times of an expression: start, start + step, … (ms since the epoch). */
export interface Grid {
  readonly start: number;
  /** Milliseconds; of no meaning where count is 1. */
  readonly step: number;
  readonly count: number;
}

export function rangeGrid(start: number, end: number, step: number): Grid {
  return { start, step, count: Math.floor((end - start) / step) + 1 };
}

export function instantGrid(time: number): Grid {
  return { start: time, step: 1, count: 1 };
}

export function gridEnd(grid: Grid): number {
  return grid.start + (grid.count - 1) * grid.step;
}

/**
 * What a selector or a subquery looks at for each evaluation time T: the reference time is T − offset, or
 * at − offset where the query pins it with `@`.
 */
export interface Reach {
  /** Milliseconds. */
  readonly offset: number;
  readonly at?: number;
}

/** The reference time of each step, in ms. */
export function referenceTimes(grid: Grid, reach: Reach): Float64Array {
  const times = new Float64Array(grid.count);
  for (let k = 0; k < grid.count; k++) times[k] = (reach.at ?? grid.start + k * grid.step) - reach.offset;
  return times;
}
