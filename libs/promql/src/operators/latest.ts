import { SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** Keeps the row that was read last, for readers that ask for the same series one after the other. */
export class Latest extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #row: Row;
  #inRow = -1;

  constructor(vector: VectorOperator, steps: number) {
    super(vector);
    this.#vector = vector;
    this.#row = new Row(steps);
  }

  read(series: number, row: Row): void {
    if (this.#inRow !== series) {
      this.#vector.read(series, this.#row);
      this.#inRow = series;
    }
    row.copyFrom(this.#row);
  }
}
