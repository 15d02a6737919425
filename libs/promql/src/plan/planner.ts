import type { Expr } from '../ast.ts';
import type { Grid } from '../grid.ts';
import type { QueryTimes } from './durations.ts';
import type { Plan, ScalarPlan, VectorPlan } from './plan.ts';

export interface PlanSettings {
  readonly times: QueryTimes;
  /** How far back an instant selector looks, ms. */
  readonly lookback: number;
  /** Resolution of a subquery that names none, ms. */
  readonly subqueryStep: number;
}

/** What those who plan one kind of expression need of the others: the plans of the parts, all on one grid. */
export interface Planner {
  readonly grid: Grid;
  readonly settings: PlanSettings;
  /** Inside a function that wants no buckets, and in no binary expression or subquery there. */
  readonly exactHints: boolean;
  plan(expr: Expr): Plan;
  vector(expr: Expr): VectorPlan;
  scalar(expr: Expr): ScalarPlan;
  string(expr: Expr): string;
  /** The same with another grid, or with other hints. */
  with(change: { grid?: Grid; exactHints: boolean }): Planner;
}

/** The fields that all nodes have. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly grid: Grid;
}

export function placeOf({ from, to }: Expr, { grid }: Planner): Place {
  return { from, to, grid };
}

export function withoutParens(expr: Expr): Expr {
  return expr.kind === 'paren' ? withoutParens(expr.expr) : expr;
}
