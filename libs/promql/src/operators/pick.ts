import { type FloatHistogram, goFloat, type Labels } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import { type Budget, checkEvery } from '../budget.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import type { LabelColumn } from '../queryable.ts';
import { groupingOf } from './aggregate.ts';
import { Best, type Order } from './best.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import { parameterRange } from './parameter.ts';
import { Row } from './row.ts';

const orders: Readonly<Record<string, Order>> = {
  topk: (a, b) => a > b || (b !== b && a === a),
  bottomk: (a, b) => a < b || (b !== b && a === a),
  // The first that come: nothing is ever better than what is there.
  limitk: () => false,
};

interface Picked {
  /** The series that were picked at any step, in the order of the result. */
  readonly series: readonly number[];
  readonly rows: ReadonlyMap<number, Row>;
}

/** topk, bottomk, limitk: at each step some series of each group, as they are. */
export class Pick implements VectorOperator {
  readonly scan = undefined;
  readonly #plan: AggregatePlan;
  readonly #vector: VectorOperator;
  readonly #k: ScalarOperator;
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  #picked: Picked | undefined;

  constructor(
    plan: AggregatePlan,
    vector: VectorOperator,
    k: ScalarOperator,
    budget: Budget,
    annotations: Annotations,
  ) {
    if (!(plan.op in orders)) throw new QueryError(`aggregation ${plan.op} is not there yet`);
    this.#plan = plan;
    this.#vector = vector;
    this.#k = k;
    this.#budget = budget;
    this.#annotations = annotations;
  }

  get distinctWithoutName(): boolean {
    return this.#vector.distinctWithoutName;
  }

  get length(): number {
    return this.#all.series.length;
  }

  labels(place: number): Labels {
    return this.#vector.labels(this.#all.series[place]!);
  }

  column(name: string): LabelColumn {
    const { ids, values } = this.#vector.column(name);
    return { ids: Uint32Array.from(this.#all.series, (series) => ids[series]!), values };
  }

  losesName(place: number): boolean {
    return this.#vector.losesName(this.#all.series[place]!);
  }

  read(place: number, row: Row): void {
    row.copyFrom(this.#all.rows.get(this.#all.series[place]!)!);
  }

  get #all(): Picked {
    this.#picked ??= this.#pick();
    return this.#picked;
  }

  #pick(): Picked {
    const { count } = this.#plan.grid;
    const limits = this.#limits();
    if (!limits) return { series: [], rows: new Map() };
    const grouping = groupingOf(this.#plan, this.#vector);
    const sizes = new Uint32Array(grouping.count);
    for (const group of grouping.of) sizes[group]!++;
    const order = orders[this.#plan.op]!;
    const best: Best[] = [];
    const row = new Row(count);
    for (let i = 0; i < this.#vector.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, row);
      if (this.#plan.op !== 'limitk') this.#dropHistograms(row);
      if (row.count === 0) continue;
      const base = grouping.of[i]! * count;
      for (let k = 0; k < count; k++) {
        const limit = Math.min(limits[k]!, sizes[grouping.of[i]!]!);
        if (row.has[k] === 0 || limit < 1) continue;
        best[base + k] ??= new Best(limit, order);
        if (best[base + k]!.offer(row.v[k]!, i, row.h?.[k])) this.#budget.hold(1);
      }
    }
    return this.#gather(best);
  }

  /** How many to keep at each step; undefined where that is none at all, and then nothing is amiss. */
  #limits(): Float64Array | undefined {
    const limits = this.#k.values();
    const { least, most, hasNaN } = parameterRange(limits);
    if (most < 1) return undefined;
    if (hasNaN) throw new QueryError('Parameter value is NaN');
    if (least <= -(2 ** 63)) throw new QueryError(`Scalar value ${goFloat(least)} underflows int64`);
    if (most >= 2 ** 63) throw new QueryError(`Scalar value ${goFloat(most)} overflows int64`);
    return limits.map(Math.trunc);
  }

  #dropHistograms(row: Row): void {
    if (row.dropHistograms())
      this.#annotations.info(`ignored histogram in ${this.#plan.op} aggregation`, this.#plan);
  }

  #gather(best: readonly Best[]): Picked {
    const { count } = this.#plan.grid;
    const rows = new Map<number, Row>();
    // Groups one after the other; for an instant query each from its best down, which is the order of the result.
    best.forEach((found, at) => {
      found.each((value, series, histogram: FloatHistogram | undefined) => {
        const row = rows.get(series) ?? new Row(count);
        rows.set(series, row);
        if (histogram === undefined) row.put(at % count, value);
        else row.putHistogram(at % count, histogram);
      });
    });
    return { series: [...rows.keys()], rows };
  }
}
