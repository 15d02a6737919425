import type { Labels } from '@paddlewatch/model';
import { type Annotations, quantileOutOfRange } from '../annotations.ts';
import type { Budget } from '../budget.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { quantileOf } from '../quantile.ts';
import { groupingOf } from './aggregate.ts';
import { type Grouping, members } from './grouping.ts';
import { BuiltLabels, SameLabels } from './labelled.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import { parameterRange } from './parameter.ts';
import { Row } from './row.ts';

/** quantile by (…) (q, v): needs all values of a group at once, so it works through one group after the other. */
export class QuantileOf extends SameLabels implements VectorOperator {
  readonly #plan: AggregatePlan;
  readonly #vector: VectorOperator;
  readonly #q: ScalarOperator;
  readonly #members: readonly (readonly number[])[];
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  readonly #row: Row;

  constructor(
    plan: AggregatePlan,
    vector: VectorOperator,
    q: ScalarOperator,
    budget: Budget,
    annotations: Annotations,
  ) {
    const grouping = groupingOf(plan, vector);
    super(groupLabels(grouping, vector));
    this.#plan = plan;
    this.#vector = vector;
    this.#q = q;
    this.#members = members(grouping);
    this.#budget = budget;
    this.#annotations = annotations;
    this.#row = new Row(plan.grid.count);
    this.#remarkRange();
  }

  /** Once, whether or not there is anything to take a quantile of. */
  #remarkRange(): void {
    const { least, most, hasNaN } = parameterRange(this.#q.values());
    const outside = [...(hasNaN ? [NaN] : []), ...(most > 1 ? [most] : []), ...(least < 0 ? [least] : [])];
    for (const q of outside) this.#annotations.warn(quantileOutOfRange(q), this.#plan.param!);
  }

  read(group: number, row: Row): void {
    this.#budget.check();
    row.clear();
    const steps = row.v.length;
    const series = this.#members[group]!;
    // Values lie step by step, so that one step is one piece of memory.
    const values = new Float64Array(series.length * steps);
    const counts = new Uint32Array(steps);
    for (const i of series) {
      this.#vector.read(i, this.#row);
      if (this.#row.dropHistograms())
        this.#annotations.info('ignored histogram in quantile aggregation', this.#plan.vector);
      if (this.#row.count === 0) continue;
      for (let k = 0; k < steps; k++)
        if (this.#row.has[k] === 1) values[k * series.length + counts[k]!++] = this.#row.v[k]!;
    }
    const q = this.#q.values();
    for (let k = 0; k < steps; k++) {
      if (counts[k] === 0) continue;
      row.put(k, quantileOf(q[k]!, values.subarray(k * series.length, k * series.length + counts[k]!)));
    }
  }
}

/** The labels of all groups, for operators that need no more than those. */
export function groupLabels(grouping: Grouping, vector: VectorOperator): BuiltLabels {
  const sets: Labels[] = Array.from({ length: grouping.count }, (_, group) => grouping.labels(group));
  return new BuiltLabels(sets, !sets.some((set) => set.includes('__name__')), (group) =>
    vector.losesName(grouping.first[group]!),
  );
}
