import { compareLabels, type Labels, labelValue } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import { type Budget, checkEvery } from '../budget.ts';
import type { SortPlan } from '../plan/plan.ts';
import type { LabelColumn } from '../queryable.ts';
import { SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** Sorting in a range query, whose result has an order of its own: nothing but its side effects is left. */
export class Unsorted extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #plan: SortPlan;

  constructor(plan: SortPlan, vector: VectorOperator, annotations: Annotations) {
    super(vector);
    this.#vector = vector;
    this.#plan = plan;
    annotations.warn(
      'sort is ineffective for range queries since results are always ordered by labels',
      plan,
    );
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
    if (!isByLabel(this.#plan)) row.dropHistograms();
  }
}

/** The series of an instant query in another order. */
export class Sort implements VectorOperator {
  readonly scan = undefined;
  readonly #vector: VectorOperator;
  readonly #plan: SortPlan;
  readonly #budget: Budget;
  #order: Uint32Array | undefined;

  constructor(plan: SortPlan, vector: VectorOperator, budget: Budget) {
    this.#plan = plan;
    this.#vector = vector;
    this.#budget = budget;
  }

  get length(): number {
    return this.#vector.length;
  }

  get distinctWithoutName(): boolean {
    return this.#vector.distinctWithoutName;
  }

  labels(series: number): Labels {
    return this.#vector.labels(this.#places[series]!);
  }

  column(name: string): LabelColumn {
    const { ids, values } = this.#vector.column(name);
    return { ids: this.#places.map((place) => ids[place]!), values };
  }

  losesName(series: number): boolean {
    return this.#vector.losesName(this.#places[series]!);
  }

  read(series: number, row: Row): void {
    this.#vector.read(this.#places[series]!, row);
    if (!isByLabel(this.#plan)) row.dropHistograms();
  }

  get #places(): Uint32Array {
    this.#order ??= isByLabel(this.#plan) ? this.#orderByLabels() : this.#orderByValue();
    return this.#order;
  }

  /** NaN comes last either way. */
  #orderByValue(): Uint32Array {
    const values = new Float64Array(this.length);
    const row = new Row(1);
    for (let i = 0; i < values.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, row);
      values[i] = row.count > 0 && row.h === undefined ? row.v[0]! : NaN;
    }
    const sign = this.#plan.func === 'sort' ? 1 : -1;
    return places(this.length).sort((a, b) => {
      const x = values[a]!;
      const y = values[b]!;
      if (x !== x || y !== y) return Number(x !== x) - Number(y !== y);
      return sign * (x - y || 0);
    });
  }

  /** By the values of the named labels in natural order, then by all labels. */
  #orderByLabels(): Uint32Array {
    const sign = this.#plan.func === 'sort_by_label' ? 1 : -1;
    const sets = Array.from({ length: this.length }, (_, i) => this.#vector.labels(i));
    return places(this.length).sort((a, b) => {
      for (const name of this.#plan.names) {
        const order = compareNaturally(labelValue(sets[a]!, name), labelValue(sets[b]!, name));
        if (order !== 0) return sign * order;
      }
      return sign * compareLabels(sets[a]!, sets[b]!);
    });
  }
}

function isByLabel({ func }: SortPlan): boolean {
  return func.startsWith('sort_by_label');
}

function places(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => i);
}

/** Digits compare as numbers: node2 before node10. */
function compareNaturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i]!;
    const y = right[i]!;
    if (x === y) continue;
    const numbers = isDigit(x) && isDigit(y);
    if (numbers && Number(x) !== Number(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function isDigit(text: string): boolean {
  return text >= '0' && text < ':';
}
