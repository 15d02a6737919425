import { type Labels, metricName } from '@paddlewatch/model';
import type { Accumulator } from '../aggregation/accumulator.ts';
import { HistogramFold } from '../aggregation/histograms.ts';
import { accumulators } from '../aggregation/table.ts';
import type { Annotations } from '../annotations.ts';
import { type Budget, checkEvery } from '../budget.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { LabelColumn } from '../queryable.ts';
import { type Grouping, groupBy, groupWithout } from './grouping.ts';
import { BuiltLabels } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** Folds the series of each group into one; each input row is folded as soon as it is computed. */
export class Aggregate implements VectorOperator {
  readonly distinctWithoutName: boolean;
  readonly #plan: AggregatePlan;
  readonly #vector: VectorOperator;
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  readonly #grouping: Grouping;
  #labels: Labelled | undefined;
  #folded: Accumulator | undefined;
  #foldedHistograms: HistogramFold | undefined;

  constructor(plan: AggregatePlan, vector: VectorOperator, budget: Budget, annotations: Annotations) {
    this.#plan = plan;
    this.#vector = vector;
    this.#budget = budget;
    this.#annotations = annotations;
    this.#grouping = groupingOf(plan, vector);
    this.distinctWithoutName = plan.without || !plan.grouping.includes(metricName);
  }

  get length(): number {
    return this.#grouping.count;
  }

  labels(group: number): Labels {
    return this.#grouping.labels(group);
  }

  column(name: string): LabelColumn {
    this.#labels ??= new BuiltLabels(
      Array.from({ length: this.length }, (_, group) => this.labels(group)),
      this.distinctWithoutName,
    );
    return this.#labels.column(name);
  }

  losesName(group: number): boolean {
    return this.#vector.losesName(this.#grouping.first[group]!);
  }

  read(group: number, row: Row): void {
    this.#folded ??= this.#fold();
    row.clear();
    this.#folded.finish(group, row);
    this.#foldedHistograms?.finish(group, row);
  }

  #fold(): Accumulator {
    const { make, histograms } = accumulators.get(this.#plan.op)!;
    const steps = this.#plan.grid.count;
    const { of, count } = this.#grouping;
    const vector = this.#vector;
    this.#budget.hold(count * steps);
    const accumulator = make(count, steps);
    const row = new Row(steps);
    for (let i = 0; i < vector.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      vector.read(i, row);
      if (row.h && histograms === 'folded') this.#foldHistograms(i, row);
      if (row.h && histograms === 'ignored') this.#leaveOutHistograms(row);
      if (row.count > 0) accumulator.add(of[i]!, row);
    }
    return accumulator;
  }

  /** Takes the histograms out of a row and folds them by themselves. */
  #foldHistograms(series: number, row: Row): void {
    const { op, grid, vector } = this.#plan;
    this.#foldedHistograms ??= new HistogramFold(op === 'avg', grid.count, this.#annotations, vector);
    const { ids, values } = this.#vector.column(metricName);
    this.#foldedHistograms.add(this.#grouping.of[series]!, row, values[ids[series]!]!);
    row.dropHistograms();
  }

  #leaveOutHistograms(row: Row): void {
    if (row.dropHistograms())
      this.#annotations.info(`ignored histogram in ${this.#plan.op} aggregation`, this.#plan.vector);
  }
}

export function groupingOf(plan: AggregatePlan, vector: Labelled): Grouping {
  return plan.without ? groupWithout(vector, plan.grouping) : groupBy(vector, plan.grouping);
}
