import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  type FloatHistogram,
  histogramsEqual,
  scaleHistogram,
  subtractHistograms,
  trimHistogram,
} from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import type { BinaryOp, Span } from '../ast.ts';
import { type Answer, collidingHints, reconciled } from '../functions/histogram/window.ts';
import { compareNumbers, isComparison, isTrim, numberOperator } from './arithmetic.ts';
import type { Row } from './row.ts';

export type Operand = number | FloatHistogram;

/** Binary operators where an operand may be a histogram. Remarks stand at the whole expression. */
export class MixedArithmetic {
  readonly #op: BinaryOp;
  readonly #bool: boolean;
  readonly #annotations: Annotations;
  readonly #span: Span;

  constructor({ op, bool, ...span }: { op: BinaryOp; bool: boolean } & Span, annotations: Annotations) {
    this.#op = op;
    this.#bool = bool;
    this.#annotations = annotations;
    this.#span = span;
  }

  /** The result, or nothing: a comparison that does not hold, or operands that do not go together. */
  apply(left: Operand, right: Operand): Answer {
    if (isComparison(this.#op)) return this.#compare(left, right);
    if (typeof left === 'number')
      return typeof right === 'number' ? this.#numbers(left, right) : this.#numberAndHistogram(left, right);
    return typeof right === 'number' ? this.#histogramAndNumber(left, right) : this.#histograms(left, right);
  }

  #compare(left: Operand, right: Operand): Answer {
    const holds = this.#holds(left, right);
    if (holds === undefined) return this.#incompatible(left, right);
    if (this.#bool) return holds ? 1 : 0;
    return holds ? left : undefined;
  }

  #holds(left: Operand, right: Operand): boolean | undefined {
    if (typeof left === 'number' && typeof right === 'number') return compareNumbers(this.#op)(left, right);
    if (typeof left === 'number' || typeof right === 'number') return undefined;
    if (this.#op === '==') return histogramsEqual(left, right);
    return this.#op === '!=' ? !histogramsEqual(left, right) : undefined;
  }

  #numbers(left: number, right: number): Answer {
    return isTrim(this.#op) ? this.#incompatible(left, right) : numberOperator(this.#op)(left, right);
  }

  #numberAndHistogram(left: number, right: FloatHistogram): Answer {
    if (this.#op === '*') return compactHistogram(scaleHistogram(right, left));
    return this.#incompatible(left, right);
  }

  #histogramAndNumber(left: FloatHistogram, right: number): Answer {
    switch (this.#op) {
      case '*':
        return compactHistogram(scaleHistogram(left, right));
      case '/':
        return compactHistogram(divideHistogram(left, right));
      case '</':
        return trimHistogram(left, 'below', right);
      case '>/':
        return trimHistogram(left, 'above', right);
      default:
        return this.#incompatible(left, right);
    }
  }

  #histograms(left: FloatHistogram, right: FloatHistogram): Answer {
    const adding = this.#op === '+';
    if (!adding && this.#op !== '-') return this.#incompatible(left, right);
    const combined = adding ? addHistograms(left, right) : subtractHistograms(left, right);
    if (!combined) {
      const text = `incompatible bucket layout encountered for binary operator ${this.#op}`;
      this.#annotations.warn(text, this.#span);
      return undefined;
    }
    const { histogram, hintsCollide, boundsReduced } = combined;
    const operation = adding ? 'addition' : 'subtraction';
    if (hintsCollide) this.#annotations.warn(collidingHints(operation).text, this.#span);
    if (boundsReduced) this.#annotations.info(reconciled(operation).text, this.#span);
    const result = compactHistogram(histogram);
    // A difference may fall as well as rise.
    return adding ? result : { ...result, hint: 'gauge' };
  }

  #incompatible(left: Operand, right: Operand): undefined {
    const [a, b] = [left, right].map((operand) => (typeof operand === 'number' ? 'float' : 'histogram'));
    const text = `incompatible sample types encountered for binary operator "${this.#op}": ${a} ${this.#op} ${b}`;
    this.#annotations.info(text, this.#span);
    return undefined;
  }
}

/** What a row holds at a step that it has. */
export function operandAt(row: Row, step: number): Operand {
  return row.h?.[step] ?? row.v[step]!;
}
