import type { BinaryOp } from '../ast.ts';
import { type Budget, checkEvery } from '../budget.ts';
import { maximum, minimum } from '../extremes.ts';
import type { Grid } from '../grid.ts';
import { compareNumbers, isComparison, numberOperator } from './arithmetic.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

export class NumberScalar implements ScalarOperator {
  readonly #values: Float64Array;

  constructor(value: number, grid: Grid) {
    this.#values = new Float64Array(grid.count).fill(value);
  }

  values(): Float64Array {
    return this.#values;
  }
}

/** The evaluation time in seconds. */
export class TimeScalar implements ScalarOperator {
  readonly #values: Float64Array;

  constructor({ start, step, count }: Grid) {
    this.#values = Float64Array.from({ length: count }, (_, k) => (start + k * step) / 1000);
  }

  values(): Float64Array {
    return this.#values;
  }
}

/** The value of the only series that has a float at a step; NaN where there is none or more than one. */
export class ScalarOf implements ScalarOperator {
  readonly #vector: VectorOperator;
  readonly #count: number;
  readonly #budget: Budget;
  #values: Float64Array | undefined;

  constructor(vector: VectorOperator, grid: Grid, budget: Budget) {
    this.#vector = vector;
    this.#count = grid.count;
    this.#budget = budget;
  }

  values(): Float64Array {
    if (this.#values) return this.#values;
    const values = new Float64Array(this.#count).fill(NaN);
    const found = new Uint8Array(this.#count);
    const row = new Row(this.#count);
    for (let i = 0; i < this.#vector.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#vector.read(i, row);
      row.dropHistograms();
      if (row.count === 0) continue;
      for (let k = 0; k < this.#count; k++) {
        if (row.has[k] === 0) continue;
        values[k] = found[k] === 0 ? row.v[k]! : NaN;
        found[k] = 1;
      }
    }
    this.#values = values;
    return values;
  }
}

export class ScalarArithmetic implements ScalarOperator {
  readonly #op: BinaryOp | 'min' | 'max';
  readonly #lhs: ScalarOperator;
  readonly #rhs: ScalarOperator;
  #values: Float64Array | undefined;

  constructor(op: BinaryOp | 'min' | 'max', lhs: ScalarOperator, rhs: ScalarOperator) {
    this.#op = op;
    this.#lhs = lhs;
    this.#rhs = rhs;
  }

  values(): Float64Array {
    if (this.#values) return this.#values;
    const lhs = this.#lhs.values();
    const rhs = this.#rhs.values();
    const compute = scalarFunction(this.#op);
    this.#values = lhs.map((value, k) => compute(value, rhs[k]!));
    return this.#values;
  }
}

export function scalarFunction(op: BinaryOp | 'min' | 'max'): (a: number, b: number) => number {
  if (op === 'min') return minimum;
  if (op === 'max') return maximum;
  if (!isComparison(op)) return numberOperator(op);
  const holds = compareNumbers(op);
  return (a, b) => (holds(a, b) ? 1 : 0);
}
