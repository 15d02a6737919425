import type { Annotations } from '../annotations.ts';
import { type Budget, checkEvery } from '../budget.ts';
import type { VectorVectorPlan } from '../plan/plan.ts';
import { compareNumbers, isComparison, isTrim, keepsName, numberOperator } from './arithmetic.ts';
import { BuiltLabels, type NameRemoval, SameLabels } from './labelled.ts';
import { MixedArithmetic, operandAt } from './mixed-arithmetic.ts';
import type { VectorOperator } from './operator.ts';
import { filled, type Pair, type Pairing, pairUp } from './pairing.ts';
import { checkPairing } from './pairing-faults.ts';
import { Row } from './row.ts';

/** Two vectors, element by element, matched by their labels at each step. */
export class VectorVector extends SameLabels implements VectorOperator {
  readonly #pairing: Pairing;
  /** Absent where floats mean nothing to the operator. */
  readonly #combine: Combine | undefined;
  readonly #mixed: MixedArithmetic;
  readonly #one: Row;
  readonly #other: Row;
  readonly #budget: Budget;

  constructor(
    plan: VectorVectorPlan,
    lhs: VectorOperator,
    rhs: VectorOperator,
    removal: NameRemoval,
    budget: Budget,
    annotations: Annotations,
  ) {
    const pairing = pairUp(plan, lhs, rhs, removal);
    const doomed = plan.bool && removal === 'delayed';
    const losesName = (i: number) => {
      const { many } = pairing.outputs[i]![0]!;
      return doomed || (many !== filled && pairing.many.losesName(many));
    };
    super(new BuiltLabels(pairing.sets, !keepsName(plan.op), losesName));
    this.#pairing = pairing;
    this.#combine = isTrim(plan.op) ? undefined : combineOf(plan, pairing.manyLeft);
    this.#mixed = new MixedArithmetic(plan, annotations);
    this.#one = new Row(plan.grid.count);
    this.#other = new Row(plan.grid.count);
    this.#budget = budget;
    // At once: series that find no partner are never read, and their faults count as well.
    checkPairing(plan, pairing, budget);
  }

  read(series: number, row: Row): void {
    if (series % checkEvery === 0) this.#budget.check();
    const [first, ...others] = this.#pairing.outputs[series]!;
    this.#readPair(first!, row);
    for (const pair of others) {
      this.#readPair(pair, this.#other);
      for (let k = 0; k < row.v.length; k++)
        if (this.#other.has[k] === 1 && row.has[k] === 0) row.replace(k, operandAt(this.#other, k));
    }
  }

  #readPair(pair: Pair, row: Row): void {
    if (pair.many === filled) this.#readFilledMany(pair, row);
    else if (pair.one === filled) this.#readFilledOne(pair, row);
    else {
      this.#pairing.many.read(pair.many, row);
      if (row.count === 0) return;
      this.#pairing.one.read(pair.one, this.#one);
      for (let k = 0; k < row.v.length; k++) if (row.has[k] === 1 && this.#one.has[k] === 0) row.remove(k);
    }
    if (row.count === 0) return;
    if (this.#combine && !row.h && !this.#one.h) this.#combine(row, this.#one);
    else this.#combineMixed(row, this.#one);
  }

  #combineMixed(row: Row, one: Row): void {
    const { manyLeft } = this.#pairing;
    for (let k = 0; k < row.v.length; k++) {
      if (row.has[k] === 0) continue;
      const [many, other] = [operandAt(row, k), operandAt(one, k)];
      row.replace(k, manyLeft ? this.#mixed.apply(many, other) : this.#mixed.apply(other, many));
    }
  }

  /** The many side's series where its group has no partner. */
  #readFilledOne({ many, group }: Pair, row: Row): void {
    const { many: manySide, one, ones, fillOne } = this.#pairing;
    manySide.read(many, row);
    this.#removePresent(row, one, ones[group]!);
    this.#one.h = undefined;
    this.#one.v.fill(fillOne!);
  }

  /** The one side's series where nobody of the many side is there. */
  #readFilledMany({ one, group }: Pair, row: Row): void {
    const { many, one: oneSide, manys, fillMany } = this.#pairing;
    oneSide.read(one, row);
    this.#removePresent(row, many, manys[group]!);
    this.#one.copyFrom(row);
    row.h = undefined;
    row.v.fill(fillMany!);
  }

  #removePresent(row: Row, vector: VectorOperator, series: readonly number[]): void {
    for (const i of series) {
      if (row.count === 0) return;
      vector.read(i, this.#one);
      for (let k = 0; k < row.v.length; k++) if (this.#one.has[k] === 1) row.remove(k);
    }
  }
}

/** Works at the steps that the row of the many side has; the result replaces it. */
type Combine = (many: Row, one: Row) => void;

function combineOf({ op, bool }: VectorVectorPlan, manyLeft: boolean): Combine {
  if (!isComparison(op)) return compute(numberOperator(op), manyLeft);
  const holds = compareNumbers(op);
  if (bool) return compute((a, b) => (holds(a, b) ? 1 : 0), manyLeft);
  return (many, one) => {
    for (let k = 0; k < many.v.length; k++) {
      if (many.has[k] === 0) continue;
      const left = manyLeft ? many.v[k]! : one.v[k]!;
      const right = manyLeft ? one.v[k]! : many.v[k]!;
      if (holds(left, right)) many.v[k] = left;
      else many.remove(k);
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
