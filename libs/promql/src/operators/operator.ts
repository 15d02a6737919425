import type { Labels } from '@paddlewatch/model';
import type { LabelColumn } from '../queryable.ts';
import type { SampleBuffer } from '../sample-buffer.ts';
import type { Row } from './row.ts';
import type { Scan } from './scan.ts';

/** Series known by their labels, addressed by their place 0 … length−1. Nothing is decoded before somebody asks. */
export interface Labelled {
  readonly length: number;
  labels(series: number): Labels;
  column(name: string): LabelColumn;
  /** Whether all label sets stay distinct when the metric name is taken away. */
  readonly distinctWithoutName: boolean;
  /** Whether the metric name, still in `labels`, goes when the query ends (delayed name removal). */
  losesName(series: number): boolean;
  /** The scan whose series these are, one for one; undefined where series were merged, picked or made. */
  readonly scan: Scan | undefined;
}

/**
 * A vector at every step of a grid. `read` overwrites the row with one series and may be asked in any order and
 * again; whoever needs all series reads them once, in order, which is the fast way. The row belongs to the caller.
 * A series without any value is no series: whoever shows results leaves it out.
 */
export interface VectorOperator extends Labelled {
  read(series: number, row: Row): void;
}

/** One number for each step of a grid. The array is the operator's: do not write to it. */
export interface ScalarOperator {
  values(): Float64Array;
}

/** Series with their samples over time, staleness markers left out. The buffer lives until the next call. */
export interface SampleSource extends Labelled {
  samples(series: number): SampleBuffer;
}
