import type { Row } from '../operators/row.ts';

/**
 * Folds the series of each group, one row after the other, without keeping them. All groups × steps live in flat
 * arrays, so that partial results of several threads could be merged element by element.
 */
export interface Accumulator {
  /** Folds a row in; the row has at least one value. */
  add(group: number, row: Row): void;
  /** Fills an empty row with the result of a group. */
  finish(group: number, row: Row): void;
}

export type MakeAccumulator = (groups: number, steps: number) => Accumulator;
