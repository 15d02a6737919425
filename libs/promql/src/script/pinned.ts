import type { Expr, TimeShift } from '../ast.ts';
import { printExpr } from '../syntax/format.ts';
import { parseQuery } from '../syntax/parse.ts';
import { children } from '../syntax/walk.ts';

/** Functions whose result follows the time of evaluation even where their arguments are pinned to one time. */
const timeBound: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
  'start',
  'end',
  'range',
  'step',
  'info',
]);

/** The query with all its selectors and outermost subqueries at one time; undefined where that changes its meaning. */
export function pinQuery(query: string, at: number): string | undefined {
  const expr = parseQuery(query);
  return isTimeBound(expr) ? undefined : printExpr(pin(expr, at));
}

function isTimeBound(expr: Expr): boolean {
  return (expr.kind === 'call' && timeBound.has(expr.func)) || children(expr).some(isTimeBound);
}

function pin(expr: Expr, at: number): Expr {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'vector':
      return { ...expr, at: pinned(expr, at) };
    case 'matrix':
      return { ...expr, selector: { ...expr.selector, at: pinned(expr.selector, at) } };
    case 'subquery':
      // What is inside follows the subquery's own time.
      return { ...expr, at: pinned(expr, at) };
    case 'paren':
    case 'unary':
      return { ...expr, expr: pin(expr.expr, at) };
    case 'binary':
      return { ...expr, lhs: pin(expr.lhs, at), rhs: pin(expr.rhs, at) };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => pin(arg, at)) };
    case 'aggregation':
      return { ...expr, expr: pin(expr.expr, at), param: expr.param && pin(expr.param, at) };
  }
}

function pinned(shift: TimeShift, at: number): number {
  return typeof shift.at === 'number' ? shift.at : at;
}
