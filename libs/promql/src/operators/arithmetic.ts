import type { BinaryOp } from '../ast.ts';
import { QueryError } from '../query-error.ts';

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  atan2: Math.atan2,
};

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

/** IEEE pow as C and Go have it: 1 to any power is 1, and so is −1 to an infinite one. JavaScript says NaN. */
function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return a ** b;
}

export function isComparison(op: BinaryOp): boolean {
  return op in comparisons;
}

/** `</` and `>/` trim histograms; to floats they mean nothing. */
export function isTrim(op: BinaryOp): boolean {
  return op === '</' || op === '>/';
}

/** Operators whose result is still that metric: they leave out, and compute nothing. */
export function keepsName(op: BinaryOp): boolean {
  return isComparison(op) || isTrim(op);
}

export function numberOperator(op: BinaryOp): (a: number, b: number) => number {
  const known = arithmetic[op];
  if (!known) throw new QueryError(`operator "${op}" not allowed for Scalar operations`);
  return known;
}

export function compareNumbers(op: BinaryOp): (a: number, b: number) => boolean {
  const known = comparisons[op];
  if (!known) throw new QueryError(`operator ${op} does not compare`);
  return known;
}
