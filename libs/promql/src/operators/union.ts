import { type Budget, checkEvery } from '../budget.ts';
import type { UnionPlan } from '../plan/plan.ts';
import type { Grouping } from './grouping.ts';
import { SameLabels } from './labelled.ts';
import { groupSeries, Joined } from './matching.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** `or`: of each part what no part before it has at the same step, matched by labels. */
export class Union extends SameLabels implements VectorOperator {
  readonly #parts: readonly VectorOperator[];
  readonly #joined: Joined;
  readonly #grouping: Grouping;
  readonly #steps: number;
  readonly #budget: Budget;
  /** By group and step: the first part that has any series of the group. */
  #owners: Uint32Array | undefined;

  constructor(plan: UnionPlan, parts: readonly VectorOperator[], budget: Budget) {
    const joined = new Joined(parts);
    super(joined);
    this.#parts = parts;
    this.#joined = joined;
    this.#grouping = groupSeries(joined, plan.matching);
    this.#steps = plan.grid.count;
    this.#budget = budget;
  }

  read(series: number, row: Row): void {
    const part = this.#joined.partOf(series);
    this.#parts[part]!.read(this.#joined.placeOf(series), row);
    if (part === 0 || row.count === 0) return;
    this.#owners ??= this.#look();
    const base = this.#grouping.of[series]! * this.#steps;
    for (let k = 0; k < this.#steps; k++) if (this.#owners[base + k]! < part) row.remove(k);
  }

  #look(): Uint32Array {
    const size = this.#grouping.count * this.#steps;
    this.#budget.hold(size / 2);
    const last = this.#parts.length - 1;
    const owners = new Uint32Array(size).fill(last);
    const row = new Row(this.#steps);
    // The last part owns what is left, without being read.
    for (let i = 0; i < this.length - this.#parts[last]!.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      const part = this.#joined.partOf(i);
      this.#parts[part]!.read(this.#joined.placeOf(i), row);
      if (row.count === 0) continue;
      const base = this.#grouping.of[i]! * this.#steps;
      for (let k = 0; k < this.#steps; k++)
        if (row.has[k] === 1 && part < owners[base + k]!) owners[base + k] = part;
    }
    return owners;
  }
}
