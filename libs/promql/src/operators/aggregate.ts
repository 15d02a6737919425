import { type Labels, metricName } from '@paddlewatch/model';
import type { Accumulator, Columns } from '../aggregation/accumulator.ts';
import { HistogramFold } from '../aggregation/histograms.ts';
import { accumulators } from '../aggregation/table.ts';
import type { Annotations } from '../annotations.ts';
import type { Budget } from '../budget.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { LabelColumn } from '../queryable.ts';
import { type Fold, foldTogether } from './fold.ts';
import { type Grouping, groupBy, groupWithout, joinGroups } from './grouping.ts';
import { BuiltLabels } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

interface Work {
  readonly floats: Accumulator;
  histograms: HistogramFold | undefined;
  readonly row: Row;
}

/** What an aggregation came to over a part of its series: a label set for each group, and its accumulator's columns. */
export interface Subtotal {
  readonly groups: readonly Labels[];
  readonly columns: Columns;
}

/** Folds the series of each group into one; each input row is folded as soon as it is computed. */
export class Aggregate implements VectorOperator, Fold {
  readonly scan = undefined;
  readonly distinctWithoutName: boolean;
  readonly #plan: AggregatePlan;
  readonly #vector: VectorOperator;
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  #grouping: Grouping;
  #labels: Labelled | undefined;
  #work: Work | undefined;
  #folded: Work | undefined;

  constructor(plan: AggregatePlan, vector: VectorOperator, budget: Budget, annotations: Annotations) {
    this.#plan = plan;
    this.#vector = vector;
    this.#budget = budget;
    this.#annotations = annotations;
    this.#grouping = groupingOf(plan, vector);
    this.distinctWithoutName = plan.without || !plan.grouping.includes(metricName);
    vector.scan?.waiting.add(this);
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
    const first = this.#grouping.first[group];
    return first !== undefined && this.#vector.losesName(first);
  }

  read(group: number, row: Row): void {
    if (!this.#folded) foldTogether(this, this.#vector.length, this.#vector.scan, this.#budget);
    row.clear();
    this.#folded!.floats.finish(group, row);
    this.#folded!.histograms?.finish(group, row);
  }

  begin(): void {
    const { op, grid } = this.#plan;
    const { count } = this.#grouping;
    this.#budget.hold(count * grid.count);
    this.#work = {
      floats: accumulators.get(op)!.make(count, grid.count),
      histograms: undefined,
      row: new Row(grid.count),
    };
  }

  add(series: number): void {
    // Done by itself in the meantime.
    if (this.#folded) return;
    const work = this.#work!;
    const { row } = work;
    this.#vector.read(series, row);
    if (row.h) this.#addHistograms(series, work);
    if (row.count > 0) work.floats.add(this.#grouping.of[series]!, row);
  }

  end(): void {
    this.#folded ??= this.#work;
  }

  /** Whether all that was added lies in the accumulator's columns: sums of histograms do not. */
  get isFlat(): boolean {
    return this.#work?.histograms === undefined;
  }

  /** What was added since `begin`. */
  subtotal(): Subtotal {
    const { count } = this.#grouping;
    const groups = Array.from({ length: count }, (_, group) => this.labels(group));
    return { groups, columns: this.#work!.floats.columns() };
  }

  /** Adds what another thread came to, before the `end`. Its groups may be others. */
  merge({ groups, columns }: Subtotal): void {
    const { grouping, places } = joinGroups(this.#grouping, groups);
    if (grouping.count > this.#grouping.count) this.#grow(grouping);
    this.#work!.floats.merge(columns, places);
  }

  #grow(grouping: Grouping): void {
    const { op, grid } = this.#plan;
    const { count } = this.#grouping;
    this.#budget.hold((grouping.count - count) * grid.count);
    const floats = accumulators.get(op)!.make(grouping.count, grid.count);
    const same = Uint32Array.from({ length: count }, (_, group) => group);
    floats.merge(this.#work!.floats.columns(), same);
    this.#work = { ...this.#work!, floats };
    this.#grouping = grouping;
  }

  /** Takes the histograms out of a row: folded by themselves, left out, or, where only presence counts, kept. */
  #addHistograms(series: number, work: Work): void {
    const { op, grid, vector } = this.#plan;
    const { histograms } = accumulators.get(op)!;
    if (histograms === 'ignored') this.#leaveOutHistograms(work.row);
    if (histograms !== 'folded') return;
    work.histograms ??= new HistogramFold(op === 'avg', grid.count, this.#annotations, vector);
    const { ids, values } = this.#vector.column(metricName);
    work.histograms.add(this.#grouping.of[series]!, work.row, values[ids[series]!]!);
    work.row.dropHistograms();
  }

  #leaveOutHistograms(row: Row): void {
    if (row.dropHistograms())
      this.#annotations.info(`ignored histogram in ${this.#plan.op} aggregation`, this.#plan.vector);
  }
}

export function groupingOf(plan: AggregatePlan, vector: Labelled): Grouping {
  return plan.without ? groupWithout(vector, plan.grouping) : groupBy(vector, plan.grouping);
}
