import { type Labels, labelsKey, quoteString, withLabel } from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import type { LabelColumn } from '../queryable.ts';
import { groupingOf } from './aggregate.ts';
import { BuiltLabels, isLabelName } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** How many series of a group have each value. The series of the result are known only after all is read. */
export class CountValues implements VectorOperator {
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
    for (let i = 0; i < this.#vector.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, row);
      if (row.count === 0) continue;
      const group = grouping.labels(grouping.of[i]!);
      for (let k = 0; k < row.v.length; k++) {
        if (row.has[k] === 0) continue;
        if (row.h?.[k] !== undefined)
          throw new QueryError('count_values of native histograms is not there yet');
        const labels = withLabel(group, this.#label, fixedNotation(row.v[k]!));
        const key = labelsKey(labels);
        let place = places.get(key);
        if (place === undefined) {
          this.#budget.hold(row.v.length);
          place = sets.push(labels) - 1;
          counts.push(new Uint32Array(row.v.length));
          places.set(key, place);
        }
        counts[place]![k]!++;
      }
    }
    return { labels: new BuiltLabels(sets, false), counts };
  }
}

/** Go's FormatFloat(v, 'f', -1, 64): the shortest digits, never an exponent. */
function fixedNotation(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, first, rest = '', exponent] = match;
  const power = Number(exponent);
  const digits = first! + rest;
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  return sign + digits.padEnd(power + 1, '0');
}
