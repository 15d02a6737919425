import { SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** Shows at every step what was computed at one. */
export class Once extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #row = new Row(1);

  constructor(vector: VectorOperator) {
    super(vector);
    this.#vector = vector;
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, this.#row);
    row.clear();
    if (this.#row.count === 0) return;
    const { v, h } = this.#row;
    for (let k = 0; k < row.v.length; k++) {
      if (h?.[0] === undefined) row.put(k, v[0]!);
      else row.putHistogram(k, h[0]);
    }
  }
}
