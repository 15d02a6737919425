import { type Budget, checkEvery } from '../budget.ts';
import type { RestrictPlan } from '../plan/plan.ts';
import { SameLabels } from './labelled.ts';
import { matchSeries } from './matching.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** `and`, `unless`: the left side where the right side has, or has not, a partner at the same step. */
export class Restrict extends SameLabels implements VectorOperator {
  readonly #left: VectorOperator;
  readonly #right: VectorOperator;
  readonly #steps: number;
  readonly #budget: Budget;
  readonly #keep: number;
  /** The group of each series on either side. */
  readonly #ofLeft: Uint32Array;
  readonly #ofRight: Uint32Array;
  readonly #groups: number;
  /** By group and step: 1 where the right side has any series of the group. */
  #there: Uint8Array | undefined;

  constructor(plan: RestrictPlan, left: VectorOperator, right: VectorOperator, budget: Budget) {
    super(left);
    const match = matchSeries(left, right, plan.matching);
    this.#left = left;
    this.#right = right;
    this.#steps = plan.grid.count;
    this.#budget = budget;
    this.#keep = plan.op === 'and' ? 1 : 0;
    this.#ofLeft = match.left;
    this.#ofRight = match.right;
    this.#groups = match.groups;
  }

  read(series: number, row: Row): void {
    this.#left.read(series, row);
    if (row.count === 0) return;
    this.#there ??= this.#look();
    const base = this.#ofLeft[series]! * this.#steps;
    for (let k = 0; k < this.#steps; k++) if (this.#there[base + k] !== this.#keep) row.remove(k);
  }

  #look(): Uint8Array {
    const size = this.#groups * this.#steps;
    this.#budget.hold(Math.ceil(size / Float64Array.BYTES_PER_ELEMENT));
    const there = new Uint8Array(size);
    const row = new Row(this.#steps);
    for (let i = 0; i < this.#right.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#right.read(i, row);
      if (row.count === 0) continue;
      const base = this.#ofRight[i]! * this.#steps;
      for (let k = 0; k < this.#steps; k++) there[base + k]! |= row.has[k]!;
    }
    return there;
  }
}
