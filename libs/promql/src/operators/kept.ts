import type { Budget } from '../budget.ts';
import { type Batch, collect } from './batch.ts';
import { SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** Keeps the rows of an operator that several others read. */
export class Kept extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #steps: number;
  readonly #budget: Budget;
  #batch: Batch | undefined;

  constructor(vector: VectorOperator, steps: number, budget: Budget) {
    super(vector);
    this.#vector = vector;
    this.#steps = steps;
    this.#budget = budget;
  }

  read(series: number, row: Row): void {
    this.#batch ??= collect(this.#vector, this.#steps, this.#budget);
    this.#batch.read(series, row);
  }
}
