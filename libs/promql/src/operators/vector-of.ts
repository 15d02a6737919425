import { noLabels } from '@paddlewatch/model';
import { BuiltLabels, SameLabels } from './labelled.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** A scalar as the one series without labels. */
export class VectorOf extends SameLabels implements VectorOperator {
  readonly #scalar: ScalarOperator;

  constructor(scalar: ScalarOperator) {
    super(new BuiltLabels([noLabels], true));
    this.#scalar = scalar;
  }

  read(_: number, row: Row): void {
    row.clear();
    row.v.set(this.#scalar.values());
    row.has.fill(1);
    row.count = row.v.length;
  }
}
