import {
  type FloatHistogram,
  formatHistogram,
  type Labels,
  labelsKey,
  metricName,
  quoteString,
  withLabel,
} from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import type { LabelColumn } from '../queryable.ts';
import { plainNumber } from '../syntax/format.ts';
import { groupingOf } from './aggregate.ts';
import { BuiltLabels, isLabelName } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** How many series of a group have each value. The series of the result are known only after all is read. */
export class CountValues implements VectorOperator {
  readonly scan = undefined;
  readonly distinctWithoutName = false;
  readonly #plan: AggregatePlan;
  readonly #label: string;
  readonly #vector: VectorOperator;
  readonly #budget: Budget;
  #counted: { labels: Labelled; counts: readonly Uint32Array[] } | undefined;

  constructor(plan: AggregatePlan, label: string, vector: VectorOperator, budget: Budget) {
    if (!isLabelName(label)) throw new QueryError(`invalid label name ${quoteString(label)}`);
    this.#plan = plan;
    this.#label = label;
    this.#vector = vector;
    this.#budget = budget;
  }

  get length(): number {
    return this.#all().counts.length;
  }

  labels(series: number): Labels {
    return this.#all().labels.labels(series);
  }

  column(name: string): LabelColumn {
    return this.#all().labels.column(name);
  }

  losesName(): boolean {
    return false;
  }

  read(series: number, row: Row): void {
    row.clear();
    const counts = this.#all().counts[series]!;
    for (let k = 0; k < counts.length; k++) if (counts[k]! > 0) row.put(k, counts[k]!);
  }

  #all(): { labels: Labelled; counts: readonly Uint32Array[] } {
    this.#counted ??= this.#count();
    return this.#counted;
  }

  #count(): { labels: Labelled; counts: readonly Uint32Array[] } {
    const grouping = groupingOf(this.#plan, this.#vector);
    const sets: Labels[] = [];
    const counts: Uint32Array[] = [];
    const places = new Map<string, number>();
    const row = new Row(this.#plan.grid.count);
    // `without` that names the label written takes it away again, and all values of a group count together.
    const { without, grouping: named } = this.#plan;
    const valueGoes = without && (this.#label === metricName || named.includes(this.#label));
    // The label written may be one that the series are grouped by, so that groups become one.
    const placeOf = memoised((group, value) => {
      const labels = valueGoes
        ? grouping.labels(group)
        : withLabel(grouping.labels(group), this.#label, value);
      const key = labelsKey(labels);
      const known = places.get(key);
      if (known !== undefined) return known;
      this.#budget.hold(row.v.length);
      places.set(key, counts.push(new Uint32Array(row.v.length)) - 1);
      return sets.push(labels) - 1;
    });
    for (let i = 0; i < this.#vector.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, row);
      if (row.count === 0) continue;
      for (let k = 0; k < row.v.length; k++)
        if (row.has[k] === 1) counts[placeOf(grouping.of[i]!, row.h?.[k] ?? row.v[k]!)]![k]!++;
    }
    return { labels: new BuiltLabels(sets, false), counts };
  }
}

/** Remembers the place of each value in each group, so that its text is made once. */
function memoised(
  find: (group: number, value: string) => number,
): (group: number, value: number | FloatHistogram) => number {
  const known: Map<number | string | FloatHistogram, number>[] = [];
  return (group, value) => {
    known[group] ??= new Map();
    // To a map, zero and minus zero are the same key.
    const key = Object.is(value, -0) ? '-0' : value;
    let place = known[group].get(key);
    if (place === undefined) {
      place = find(group, typeof value === 'number' ? plainNumber(value) : formatHistogram(value));
      known[group].set(key, place);
    }
    return place;
  };
}
