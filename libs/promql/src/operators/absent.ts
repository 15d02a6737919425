import { type Budget, checkEvery } from '../budget.ts';
import type { AbsentPlan } from '../plan/plan.ts';
import { BuiltLabels, SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** 1 at each step where the vector has nothing. */
export class Absent extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #budget: Budget;

  constructor(plan: AbsentPlan, vector: VectorOperator, budget: Budget) {
    super(new BuiltLabels([plan.labels], true));
    this.#vector = vector;
    this.#budget = budget;
  }

  read(_: number, row: Row): void {
    row.clear();
    row.v.fill(1);
    row.has.fill(1);
    row.count = row.v.length;
    const there = new Row(row.v.length);
    for (let i = 0; i < this.#vector.length && row.count > 0; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, there);
      if (there.count === 0) continue;
      if (there.count === row.v.length) row.clear();
      else for (let k = 0; k < row.v.length; k++) if (there.has[k] === 1) row.remove(k);
    }
  }
}
