import type { FloatHistogram } from '@paddlewatch/model';
import type { Grid } from '../grid.ts';
import { SampleBuffer } from '../sample-buffer.ts';
import { SameLabels } from './labelled.ts';
import type { SampleSource, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** The values of an expression on its own grid, as samples. */
export class SubquerySource extends SameLabels implements SampleSource {
  readonly #vector: VectorOperator;
  readonly #grid: Grid;
  readonly #row: Row;
  readonly #buffer: SampleBuffer;
  #inBuffer = -1;

  constructor(vector: VectorOperator, grid: Grid) {
    super(vector);
    this.#vector = vector;
    this.#grid = grid;
    this.#row = new Row(grid.count);
    this.#buffer = new SampleBuffer(Math.max(1, grid.count));
  }

  samples(series: number): SampleBuffer {
    const buffer = this.#buffer;
    if (this.#inBuffer === series) return buffer;
    this.#inBuffer = series;
    buffer.clear();
    const row = this.#row;
    this.#vector.read(series, row);
    const { start, step } = this.#grid;
    for (let k = 0; k < row.v.length; k++) {
      if (row.has[k] === 0) continue;
      const histogram = row.h?.[k];
      if (histogram === undefined) buffer.push(start + k * step, row.v[k]!);
      else buffer.pushHistogram(start + k * step, withoutHint(histogram));
    }
    return buffer;
  }
}

/** Between two steps of a subquery much can have happened: what was known of resets holds no longer. */
function withoutHint(histogram: FloatHistogram): FloatHistogram {
  return histogram.hint === 'gauge' ? histogram : { ...histogram, hint: 'unknown' };
}
