import type { DurationExpr } from '../ast.ts';
import { QueryError } from '../query-error.ts';

/** The whole query's times, which `step()`, `range()`, `start()` and `end()` speak of. All ms. */
export interface QueryTimes {
  readonly start: number;
  readonly end: number;
  /** 0 for an instant query. */
  readonly step: number;
}

/** A duration expression in ms, truncated; only offsets may be negative. @throws QueryError where it cannot be one. */
export function durationMs(expr: DurationExpr, times: QueryTimes, mayBeNegative: boolean): number {
  const seconds = evaluate(expr, times);
  if (!mayBeNegative && !(seconds > 0))
    throw new QueryError(`${expr.from}:${expr.to}: duration must be greater than 0`);
  // Go counts a duration in nanoseconds of 64 bits.
  if (!(Math.abs(seconds) <= 9_223_372_036))
    throw new QueryError(`${expr.from}:${expr.to}: duration is out of range`);
  return Math.trunc(seconds * 1000);
}

function evaluate(expr: DurationExpr, times: QueryTimes): number {
  switch (expr.kind) {
    case 'seconds':
      return expr.value;
    case 'step':
      return times.step / 1000;
    case 'range':
      return (times.end - times.start) / 1000;
    case 'negate':
      return -evaluate(expr.expr, times);
    case 'plus':
    case 'group':
      return evaluate(expr.expr, times);
    case 'min':
      return Math.min(evaluate(expr.lhs, times), evaluate(expr.rhs, times));
    case 'max':
      return Math.max(evaluate(expr.lhs, times), evaluate(expr.rhs, times));
    case 'arithmetic':
      return arithmetic(expr, evaluate(expr.lhs, times), evaluate(expr.rhs, times));
  }
}

function arithmetic(expr: Extract<DurationExpr, { kind: 'arithmetic' }>, a: number, b: number): number {
  switch (expr.op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw new QueryError(`${expr.from}:${expr.to}: division by zero`);
      return a / b;
    case '%':
      if (b === 0) throw new QueryError(`${expr.from}:${expr.to}: modulo by zero`);
      return a % b;
    case '^':
      return a ** b;
  }
}
