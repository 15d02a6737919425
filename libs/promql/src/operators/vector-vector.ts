import { type Labels, labelsKey, labelValue, onlyLabels, withLabel, withoutLabels } from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import type { VectorVectorPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { compareNumbers, isComparison, numberOperator } from './arithmetic.ts';
import { BuiltLabels, metadataLabels, type NameRemoval, SameLabels } from './labelled.ts';
import { matchSeries, seriesByGroup } from './matching.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** A series of the many side with its partner on the one side. */
interface Pair {
  readonly many: number;
  readonly one: number;
  readonly group: number;
}

interface Sides {
  readonly many: VectorOperator;
  readonly one: VectorOperator;
  /** The many side stands on the left. */
  readonly manyLeft: boolean;
}

/** Two vectors, element by element, matched by their labels at each step. */
export class VectorVector extends SameLabels implements VectorOperator {
  readonly #plan: VectorVectorPlan;
  readonly #sides: Sides;
  readonly #outputs: readonly (readonly Pair[])[];
  readonly #ones: readonly (readonly number[])[];
  readonly #manys: readonly (readonly number[])[];
  readonly #combine: Combine;
  readonly #one: Row;
  readonly #spare: Row;
  readonly #budget: Budget;
  #checked = false;

  constructor(
    plan: VectorVectorPlan,
    lhs: VectorOperator,
    rhs: VectorOperator,
    removal: NameRemoval,
    budget: Budget,
  ) {
    const { matching } = plan;
    const manyLeft = matching.card !== 'one-to-many';
    const sides = manyLeft ? { many: lhs, one: rhs, manyLeft } : { many: rhs, one: lhs, manyLeft };
    const match = matchSeries(lhs, rhs, matching);
    const lefts = seriesByGroup(match.left, match.groups);
    const rights = seriesByGroup(match.right, match.groups);
    const [manys, ones] = manyLeft ? [lefts, rights] : [rights, lefts];
    const { sets, outputs } = resultSeries(plan, sides, manys, ones, removal);
    const doomed = plan.bool && removal === 'delayed';
    super(
      new BuiltLabels(
        sets,
        !isComparison(plan.op),
        (i) => doomed || sides.many.losesName(outputs[i]![0]!.many),
      ),
    );
    this.#plan = plan;
    this.#sides = sides;
    this.#outputs = outputs;
    this.#ones = ones;
    this.#manys = manys;
    this.#combine = combineOf(plan, manyLeft);
    this.#one = new Row(plan.grid.count);
    this.#spare = new Row(plan.grid.count);
    this.#budget = budget;
  }

  read(series: number, row: Row): void {
    if (!this.#checked) this.#check();
    if (series % checkEvery === 0) this.#budget.check();
    const [first, ...others] = this.#outputs[series]!;
    this.#readPair(first!, row);
    for (const other of others) {
      this.#readPair(other, this.#spare);
      for (let k = 0; k < row.v.length; k++)
        if (this.#spare.has[k] === 1 && row.has[k] === 0) row.put(k, this.#spare.v[k]!);
    }
  }

  #readPair({ many, one }: Pair, row: Row): void {
    this.#sides.many.read(many, row);
    if (row.count === 0) return;
    this.#sides.one.read(one, this.#one);
    if (row.h || this.#one.h)
      throw new QueryError(`operator ${this.#plan.op} of native histograms is not there yet`);
    for (let k = 0; k < row.v.length; k++) if (row.has[k] === 1 && this.#one.has[k] === 0) row.remove(k);
    this.#combine(row, this.#one);
  }

  /** Faults that labels alone cannot tell: two partners present at the same step. */
  #check(): void {
    this.#checked = true;
    for (let group = 0; group < this.#ones.length; group++) {
      if (this.#ones[group]!.length > 1) this.#checkOneSide(group);
      if (this.#manys[group]!.length > 1 && this.#ones[group]!.length > 0) this.#checkManySide(group);
    }
  }

  #checkOneSide(group: number): void {
    const { one, many, manyLeft } = this.#sides;
    const clash = this.#firstClash(one, this.#ones[group]!, (step) => anyAt(many, step, this.#spare));
    if (!clash) return;
    const { matching } = this.#plan;
    const labels = one.labels(clash[0]);
    const names = new Set(matching.labels);
    const group0 = matching.on
      ? onlyLabels(labels, names)
      : withoutLabels(labels, new Set([...names, '__name__']));
    const pair = clash.map((i) => braced(one.labels(i))).sort();
    throw new QueryError(
      `found duplicate series for the match group ${braced(group0)} on the ${manyLeft ? 'right' : 'left'} hand-side of the operation: [${pair.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
    );
  }

  #checkManySide(group: number): void {
    const { many, one } = this.#sides;
    const partnered = (step: number) =>
      this.#ones[group]!.some((i) => {
        one.read(i, this.#spare);
        return this.#spare.has[step] === 1;
      });
    if (this.#plan.matching.card === 'one-to-one') {
      if (this.#firstClash(many, this.#manys[group]!, partnered))
        throw new QueryError(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
      return;
    }
    for (const pairs of this.#outputs) {
      if (pairs.length < 2 || pairs[0]!.group !== group) continue;
      const series = [...new Set(pairs.map((pair) => pair.many))];
      if (series.length > 1 && this.#firstClash(many, series, partnered))
        throw new QueryError('multiple matches for labels: grouping labels must ensure unique matches');
    }
  }

  /** Two of the series that have something at the same step, where that matters. */
  #firstClash(
    vector: VectorOperator,
    series: readonly number[],
    matters: (step: number) => boolean,
  ): [number, number] | undefined {
    const row = new Row(this.#plan.grid.count);
    const holder = new Int32Array(row.v.length).fill(-1);
    for (const i of series) {
      vector.read(i, row);
      for (let k = 0; k < row.v.length; k++) {
        if (row.has[k] === 0) continue;
        if (holder[k]! >= 0 && matters(k)) return [holder[k]!, i];
        holder[k] = i;
      }
    }
    return undefined;
  }
}

function anyAt(vector: VectorOperator, step: number, row: Row): boolean {
  for (let i = 0; i < vector.length; i++) {
    vector.read(i, row);
    if (row.has[step] === 1) return true;
  }
  return false;
}

/** Label sets as errors show them: always braced, the metric name as a label. */
function braced(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(`${labels[i]}=${JSON.stringify(labels[i + 1])}`);
  return `{${parts.join(', ')}}`;
}

/** The label sets that can come out, each with the pairs it comes from. */
function resultSeries(
  plan: VectorVectorPlan,
  { many, one }: Sides,
  manys: readonly (readonly number[])[],
  ones: readonly (readonly number[])[],
  removal: NameRemoval,
): { sets: Labels[]; outputs: Pair[][] } {
  const sets: Labels[] = [];
  const outputs: Pair[][] = [];
  const places = new Map<string, number>();
  const labelsOf = resultLabels(plan, removal);
  for (let group = 0; group < manys.length; group++) {
    for (const m of manys[group]!) {
      for (const o of ones[group]!) {
        const labels = labelsOf(many.labels(m), () => one.labels(o));
        const key = labelsKey(labels);
        const place = places.get(key);
        if (place !== undefined) outputs[place]!.push({ many: m, one: o, group });
        else {
          places.set(key, sets.push(labels) - 1);
          outputs.push([{ many: m, one: o, group }]);
        }
      }
    }
  }
  return { sets, outputs };
}

function resultLabels(
  { op, bool, matching }: VectorVectorPlan,
  removal: NameRemoval,
): (many: Labels, one: () => Labels) => Labels {
  const names = new Set(matching.labels);
  const dropName = !isComparison(op) || (bool && removal === 'now');
  return (many, one) => {
    let labels = dropName ? withoutLabels(many, metadataLabels) : many;
    if (matching.card === 'one-to-one')
      return matching.on ? onlyLabels(labels, names) : withoutLabels(labels, names);
    for (const name of matching.include) labels = withLabel(labels, name, labelValue(one(), name));
    return labels;
  };
}

/** Works on rows that have the same steps left; the result replaces the many side. */
type Combine = (many: Row, one: Row) => void;

function combineOf({ op, bool }: VectorVectorPlan, manyLeft: boolean): Combine {
  if (!isComparison(op)) return compute(numberOperator(op), manyLeft);
  const holds = compareNumbers(op);
  if (bool) return compute((a, b) => (holds(a, b) ? 1 : 0), manyLeft);
  return (many, one) => {
    for (let k = 0; k < many.v.length; k++) {
      if (many.has[k] === 0) continue;
      const [left, right] = manyLeft ? [many.v[k]!, one.v[k]!] : [one.v[k]!, many.v[k]!];
      if (!holds(left, right)) many.remove(k);
      else many.v[k] = left;
    }
  };
}

function compute(operator: (a: number, b: number) => number, manyLeft: boolean): Combine {
  return (many, one) => {
    for (let k = 0; k < many.v.length; k++) {
      if (many.has[k] === 0) continue;
      many.v[k] = manyLeft ? operator(many.v[k]!, one.v[k]!) : operator(one.v[k]!, many.v[k]!);
    }
  };
}
