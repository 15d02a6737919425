import { accumulators } from '../aggregation/table.ts';
import type { Annotations } from '../annotations.ts';
import type { Budget } from '../budget.ts';
import type { Sharing } from '../passes/share-subtrees.ts';
import type {
  AggregatePlan,
  BucketsPlan,
  InfoPlan,
  RangePlan,
  ScalarPlan,
  ScanPlan,
  SelectPlan,
  VectorPlan,
  VectorScalarPlan,
  VectorVectorPlan,
  WindowPlan,
} from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { Absent } from './absent.ts';
import { Aggregate } from './aggregate.ts';
import { keepsName } from './arithmetic.ts';
import { BucketFunction } from './buckets.ts';
import { CountValues } from './count-values.ts';
import { ExtendedWindow } from './extended-window.ts';
import { HistogramValue, histogramValues } from './histogram-value.ts';
import { Info } from './info.ts';
import { Kept } from './kept.ts';
import { type NameRemoval, nameless } from './labelled.ts';
import { Latest } from './latest.ts';
import { LimitRatio } from './limit-ratio.ts';
import { MapValues } from './map.ts';
import { mergeEqual } from './merge.ts';
import { Once } from './once.ts';
import type { Labelled, SampleSource, ScalarOperator, VectorOperator } from './operator.ts';
import { Pick } from './pick.ts';
import { QuantileOf } from './quantile-of.ts';
import { Relabel } from './relabel.ts';
import { Restrict } from './restrict.ts';
import { NumberScalar, ScalarArithmetic, ScalarOf, TimeScalar } from './scalar.ts';
import type { Scan } from './scan.ts';
import { Select } from './select.ts';
import { SmoothedSelect } from './smoothed-select.ts';
import { Sort, Unsorted } from './sort.ts';
import { SubquerySource } from './subquery.ts';
import { Union } from './union.ts';
import { VectorOf } from './vector-of.ts';
import { VectorScalar } from './vector-scalar.ts';
import { VectorVector } from './vector-vector.ts';
import { Window } from './window.ts';

export interface Surroundings {
  /** The opened selectors of the plan. */
  readonly scans: ReadonlyMap<ScanPlan, Scan>;
  readonly nameRemoval: NameRemoval;
  readonly budget: Budget;
  readonly annotations: Annotations;
}

/** Builds the operators of a plan. A node that stands in the plan twice becomes one operator. */
export class Assembly {
  readonly #around: Surroundings;
  readonly #built = new Map<VectorPlan, VectorOperator>();
  readonly #sharing: Sharing;

  constructor(around: Surroundings, sharing: Sharing) {
    this.#around = around;
    this.#sharing = sharing;
  }

  vector(plan: VectorPlan): VectorOperator {
    let operator = this.#built.get(plan);
    if (!operator) {
      this.#around.budget.work(plan.grid.count);
      operator = this.#shared(plan, this.#buildVector(plan));
      this.#built.set(plan, operator);
    }
    return operator;
  }

  /** The operator of an aggregation that folds its series one by one. */
  aggregate(plan: AggregatePlan): Aggregate {
    const operator = this.vector(plan);
    if (operator instanceof Aggregate) return operator;
    throw new QueryError(`cannot assemble the query: ${plan.op} does not fold its series one by one`);
  }

  scalar(plan: ScalarPlan): ScalarOperator {
    this.#around.budget.work(plan.grid.count);
    switch (plan.kind) {
      case 'number':
        return new NumberScalar(plan.value, plan.grid);
      case 'time':
        return new TimeScalar(plan.grid);
      case 'scalar-of':
        return new ScalarOf(this.vector(plan.vector), plan.grid, this.#around.budget);
      case 'scalar-arithmetic':
        return new ScalarArithmetic(plan.op, this.scalar(plan.lhs), this.scalar(plan.rhs));
    }
  }

  source(plan: RangePlan): SampleSource {
    return plan.kind === 'samples'
      ? this.#scan(plan.scan)
      : new SubquerySource(this.vector(plan.inner), plan.inner.grid);
  }

  #scan(plan: ScanPlan): Scan {
    const scan = this.#around.scans.get(plan);
    if (!scan) throw new QueryError('cannot assemble the query: a selector was not opened');
    return scan;
  }

  #shared(plan: VectorPlan, operator: VectorOperator): VectorOperator {
    if (!isComputedAnew(plan)) return operator;
    const { kept, inTurn } = this.#sharing;
    if (inTurn.has(plan)) return new Latest(operator, plan.grid.count);
    return kept.has(plan) ? new Kept(operator, plan.grid.count, this.#around.budget) : operator;
  }

  #buildVector(plan: VectorPlan): VectorOperator {
    const { budget, annotations } = this.#around;
    switch (plan.kind) {
      case 'select':
        return this.#select(plan);
      case 'window':
        return this.#window(plan);
      case 'map': {
        const vector = this.vector(plan.vector);
        const args = plan.args.map((arg) => this.scalar(arg));
        return this.#named(new MapValues(plan, vector, this.#nameless(vector), args), plan);
      }
      case 'once':
        return new Once(this.vector(plan.vector));
      case 'vector-of':
        return new VectorOf(this.scalar(plan.scalar));
      case 'vector-scalar':
        return this.#vectorScalar(plan);
      case 'vector-vector':
        return this.#vectorVector(plan);
      case 'restrict':
        return new Restrict(plan, this.vector(plan.lhs), this.vector(plan.rhs), budget);
      case 'union': {
        const parts = plan.parts.map((part) => this.vector(part));
        return this.#merged(new Union(plan, parts, budget), plan);
      }
      case 'aggregate':
        return this.#aggregate(plan);
      case 'absent':
        return new Absent(plan, this.vector(plan.vector), budget);
      case 'relabel':
        return this.#merged(new Relabel(plan, this.vector(plan.vector), budget), plan);
      case 'sort': {
        const vector = this.vector(plan.vector);
        return plan.grid.count === 1
          ? new Sort(plan, vector, budget)
          : new Unsorted(plan, vector, annotations);
      }
      case 'buckets':
        return this.#buckets(plan);
      case 'info':
        return this.#info(plan);
    }
  }

  #select(plan: SelectPlan): VectorOperator {
    const scan = this.#scan(plan.scan);
    const { budget, annotations } = this.#around;
    if (plan.smoothed && plan.yields === 'value') return new SmoothedSelect(scan, plan, budget, annotations);
    if (plan.yields === 'value') return new Select(scan, scan, plan, this.#around.budget);
    return this.#named(new Select(scan, this.#nameless(scan), plan, this.#around.budget), plan);
  }

  #window(plan: WindowPlan): VectorOperator {
    const source = this.source(plan.over);
    const args = plan.args.map((arg) => this.scalar(arg));
    const labels = plan.keepsName ? source : this.#nameless(source);
    const { budget, annotations } = this.#around;
    const window =
      plan.over.kind === 'samples' && plan.over.extended
        ? new ExtendedWindow(plan, { source, labels }, budget, annotations)
        : new Window(plan, { source, labels, args }, budget, annotations);
    return plan.keepsName ? window : this.#named(window, plan);
  }

  #info(plan: InfoPlan): VectorOperator {
    const { budget } = this.#around;
    const scan = this.#scan(plan.info.scan);
    const values = new Select(scan, scan, plan.info, budget);
    const times = new Select(scan, scan, { ...plan.info, yields: 'timestamp' }, budget);
    return new Info(plan, this.vector(plan.vector), { values, times }, budget);
  }

  #vectorScalar(plan: VectorScalarPlan): VectorOperator {
    const vector = this.vector(plan.vector);
    const scalar = this.scalar(plan.scalar);
    const { annotations } = this.#around;
    if (keepsName(plan.op) && !plan.bool) return new VectorScalar(plan, vector, vector, scalar, annotations);
    return this.#named(new VectorScalar(plan, vector, this.#nameless(vector), scalar, annotations), plan);
  }

  #vectorVector(plan: VectorVectorPlan): VectorOperator {
    const { budget, nameRemoval, annotations } = this.#around;
    const { card, fillLeft, fillRight } = plan.matching;
    let [lhs, rhs] = [this.vector(plan.lhs), this.vector(plan.rhs)];
    // The one side of a group is read for every partner, either side to see where it is to be filled.
    const fills = fillLeft !== undefined || fillRight !== undefined;
    if ((fills || card === 'many-to-one') && isComputedAnew(plan.rhs))
      rhs = new Kept(rhs, plan.grid.count, budget);
    if ((fills || card === 'one-to-many') && isComputedAnew(plan.lhs))
      lhs = new Kept(lhs, plan.grid.count, budget);
    return new VectorVector(plan, lhs, rhs, nameRemoval, budget, annotations);
  }

  #aggregate(plan: AggregatePlan): VectorOperator {
    const { budget, annotations } = this.#around;
    const vector = this.vector(plan.vector);
    if (accumulators.has(plan.op)) return new Aggregate(plan, vector, budget, annotations);
    const { param } = plan;
    if (plan.op === 'count_values' && param?.kind === 'string')
      return new CountValues(plan, param.value, vector, budget);
    if (!param || param.kind === 'string')
      throw new QueryError(`cannot assemble the query: ${plan.op} has no number to work with`);
    const number = this.scalar(param);
    if (plan.op === 'quantile') return new QuantileOf(plan, vector, number, budget, annotations);
    if (plan.op === 'limit_ratio') return new LimitRatio(plan, vector, number, annotations);
    return new Pick(plan, vector, number, budget, annotations);
  }

  #buckets(plan: BucketsPlan): VectorOperator {
    const { budget, annotations, nameRemoval } = this.#around;
    let vector = this.vector(plan.vector);
    if (histogramValues.has(plan.func))
      return this.#named(new HistogramValue(plan.func, vector, this.#nameless(vector)), plan);
    const args = plan.args.map((arg) => this.scalar(arg));
    // Several quantiles read each series several times.
    if (args.length > 1 && plan.label !== undefined && isComputedAnew(plan.vector))
      vector = new Kept(vector, plan.grid.count, budget);
    return this.#named(new BucketFunction(plan, vector, args, nameRemoval, budget, annotations), plan);
  }

  #nameless(labels: Labelled): Labelled {
    return nameless(labels, this.#around.nameRemoval);
  }

  /** Without names, series may have become the same. With delayed removal this shows at the end of the query. */
  #named(vector: VectorOperator, plan: VectorPlan): VectorOperator {
    if (vector.distinctWithoutName || this.#around.nameRemoval === 'delayed') return vector;
    return this.#merged(vector, plan);
  }

  #merged(vector: VectorOperator, plan: VectorPlan): VectorOperator {
    return mergeEqual(vector, plan.grid.count, this.#around.budget);
  }
}

/** Operators whose rows cost something at every reading; the others keep what they computed. */
function isComputedAnew(plan: VectorPlan): boolean {
  return plan.kind !== 'aggregate' && plan.kind !== 'vector-of' && plan.kind !== 'once';
}
