import { type Budget, checkEvery } from '../budget.ts';
import type { SetPlan } from '../plan/plan.ts';
import { SameLabels } from './labelled.ts';
import { Joined, matchSeries } from './matching.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** `and`, `unless`: the left side where the right side has, or has not, a partner at the same step. */
export class Restrict extends SameLabels implements VectorOperator {
  readonly #left: VectorOperator;
  readonly #groups: Uint32Array;
  readonly #partners: Partners;
  readonly #keep: number;

  constructor(plan: SetPlan, left: VectorOperator, right: VectorOperator, budget: Budget) {
    super(left);
    const match = matchSeries(left, right, plan.matching);
    this.#left = left;
    this.#groups = match.left;
    this.#partners = new Partners(right, match.right, match.groups, plan.grid.count, budget);
    this.#keep = plan.op === 'and' ? 1 : 0;
  }

  read(series: number, row: Row): void {
    this.#left.read(series, row);
    if (row.count > 0) this.#partners.restrict(row, this.#groups[series]!, this.#keep);
  }
}

/** `or`: all of the left side, and of the right side what has no partner on the left at the same step. */
export class Either extends SameLabels implements VectorOperator {
  readonly #left: VectorOperator;
  readonly #right: VectorOperator;
  readonly #groups: Uint32Array;
  readonly #partners: Partners;

  constructor(plan: SetPlan, left: VectorOperator, right: VectorOperator, budget: Budget) {
    super(new Joined(left, right));
    const match = matchSeries(left, right, plan.matching);
    this.#left = left;
    this.#right = right;
    this.#groups = match.right;
    this.#partners = new Partners(left, match.left, match.groups, plan.grid.count, budget);
  }

  read(series: number, row: Row): void {
    if (series < this.#left.length) {
      this.#left.read(series, row);
      return;
    }
    const place = series - this.#left.length;
    this.#right.read(place, row);
    if (row.count > 0) this.#partners.restrict(row, this.#groups[place]!, 0);
  }
}

/** At which steps a group has any series. */
class Partners {
  readonly #vector: VectorOperator;
  readonly #of: Uint32Array;
  readonly #groups: number;
  readonly #steps: number;
  readonly #budget: Budget;
  #there: Uint8Array | undefined;

  constructor(vector: VectorOperator, of: Uint32Array, groups: number, steps: number, budget: Budget) {
    this.#vector = vector;
    this.#of = of;
    this.#groups = groups;
    this.#steps = steps;
    this.#budget = budget;
  }

  /** Removes the steps where the presence of the group is not as wanted. */
  restrict(row: Row, group: number, wanted: number): void {
    this.#there ??= this.#look();
    const base = group * this.#steps;
    for (let k = 0; k < this.#steps; k++) if (this.#there[base + k] !== wanted) row.remove(k);
  }

  #look(): Uint8Array {
    const there = new Uint8Array(this.#groups * this.#steps);
    const row = new Row(this.#steps);
    for (let i = 0; i < this.#vector.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, row);
      if (row.count === 0) continue;
      const base = this.#of[i]! * this.#steps;
      for (let k = 0; k < this.#steps; k++) there[base + k]! |= row.has[k]!;
    }
    return there;
  }
}
