import type { Annotations } from '../annotations.ts';
import type { VectorScalarPlan } from '../plan/plan.ts';
import { compareNumbers, isComparison, isTrim, numberOperator } from './arithmetic.ts';
import { SameLabels } from './labelled.ts';
import { MixedArithmetic, operandAt } from './mixed-arithmetic.ts';
import type { Labelled, ScalarOperator, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

type Apply = (row: Row, scalar: Float64Array) => void;

/** Each value of a vector with one number. */
export class VectorScalar extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #scalar: ScalarOperator;
  /** Absent where floats mean nothing to the operator. */
  readonly #apply: Apply | undefined;
  readonly #mixed: MixedArithmetic;
  readonly #plan: VectorScalarPlan;

  constructor(
    plan: VectorScalarPlan,
    vector: VectorOperator,
    labels: Labelled,
    scalar: ScalarOperator,
    annotations: Annotations,
  ) {
    super(labels);
    this.#vector = vector;
    this.#scalar = scalar;
    this.#apply = isTrim(plan.op) ? undefined : applyOf(plan);
    this.#mixed = new MixedArithmetic(plan, annotations);
    this.#plan = plan;
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
    if (row.count === 0) return;
    if (this.#apply && !row.h) this.#apply(row, this.#scalar.values());
    else this.#applyMixed(row, this.#scalar.values());
  }

  #applyMixed(row: Row, scalar: Float64Array): void {
    const { swapped, op, bool } = this.#plan;
    for (let k = 0; k < row.v.length; k++) {
      if (row.has[k] === 0) continue;
      const operand = operandAt(row, k);
      const number = scalar[k]!;
      const result = swapped ? this.#mixed.apply(number, operand) : this.#mixed.apply(operand, number);
      // A comparison keeps the vector's value, on whichever side it stands.
      row.replace(k, result !== undefined && isComparison(op) && !bool ? operand : result);
    }
  }
}

function applyOf({ op, swapped, bool }: VectorScalarPlan): Apply {
  if (!isComparison(op)) return compute(numberOperator(op), swapped);
  const holds = compareNumbers(op);
  return bool ? compute((a, b) => (holds(a, b) ? 1 : 0), swapped) : filter(holds, swapped);
}

function compute(operator: (a: number, b: number) => number, swapped: boolean): Apply {
  return ({ v, has }, scalar) => {
    for (let k = 0; k < v.length; k++)
      if (has[k] === 1) v[k] = swapped ? operator(scalar[k]!, v[k]!) : operator(v[k]!, scalar[k]!);
  };
}

/** Keeps the vector's value where the comparison holds. */
function filter(holds: (a: number, b: number) => boolean, swapped: boolean): Apply {
  return (row, scalar) => {
    const { v, has } = row;
    for (let k = 0; k < v.length; k++) {
      if (has[k] === 0) continue;
      if (!(swapped ? holds(scalar[k]!, v[k]!) : holds(v[k]!, scalar[k]!))) row.remove(k);
    }
  };
}
