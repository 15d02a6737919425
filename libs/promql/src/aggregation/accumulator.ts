import type { Row } from '../operators/row.ts';

/** Flat arrays over all groups × steps, or all groups: what a thread can hand to another. */
export type Columns = readonly (Float64Array | Uint32Array | Uint8Array)[];

/**
 * Folds the series of each group, one row after the other, without keeping them. All groups × steps live in flat
 * arrays, so that what several threads folded is merged element by element.
 */
export interface Accumulator {
  /** Folds a row in; the row has at least one value. */
  add(group: number, row: Row): void;
  /** Everything folded so far; the arrays are the accumulator's own. */
  columns(): Columns;
  /** Takes in the columns of another accumulator of its kind, whose group g is group `groups[g]` here. */
  merge(columns: Columns, groups: Uint32Array): void;
  /** Fills an empty row with the result of a group. */
  finish(group: number, row: Row): void;
}

export type MakeAccumulator = (groups: number, steps: number) => Accumulator;
