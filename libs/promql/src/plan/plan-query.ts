import type { Expr } from '../ast.ts';
import type { Grid } from '../grid.ts';
import { QueryError } from '../query-error.ts';
import { isScalarPlan, type Plan, type ScalarPlan, type VectorPlan } from './plan.ts';
import { planCall } from './plan-call.ts';
import { asVector, planAggregation, planBinary, planUnary } from './plan-operator.ts';
import { planRange, planSelect } from './plan-selector.ts';
import { type Planner, type PlanSettings, placeOf } from './planner.ts';

/** The plan of a checked expression on a grid. */
export function planQuery(expr: Expr, grid: Grid, settings: PlanSettings): Plan {
  return new QueryPlanner(grid, settings).plan(expr);
}

class QueryPlanner implements Planner {
  readonly grid: Grid;
  readonly settings: PlanSettings;
  readonly exactHints: boolean;

  constructor(grid: Grid, settings: PlanSettings, exactHints = false) {
    this.grid = grid;
    this.settings = settings;
    this.exactHints = exactHints;
  }

  with({ grid = this.grid, exactHints }: { grid?: Grid; exactHints: boolean }): Planner {
    return new QueryPlanner(grid, this.settings, exactHints);
  }

  plan(expr: Expr): Plan {
    switch (expr.kind) {
      case 'number':
        return { ...placeOf(expr, this), kind: 'number', value: expr.value };
      case 'string':
        return { ...placeOf(expr, this), kind: 'string', value: expr.value };
      case 'paren':
        return this.plan(expr.expr);
      case 'vector':
        return planSelect(expr, 'value', this);
      case 'matrix':
      case 'subquery':
        return { ...placeOf(expr, this), kind: 'raw', ...planRange(expr, '', this) };
      case 'unary':
        return planUnary(expr, this);
      case 'binary':
        return planBinary(expr, this);
      case 'call':
        return planCall(expr, this);
      case 'aggregation':
        return planAggregation(expr, this);
    }
  }

  vector(expr: Expr): VectorPlan {
    return asVector(this.plan(expr));
  }

  scalar(expr: Expr): ScalarPlan {
    const plan = this.plan(expr);
    if (!isScalarPlan(plan))
      throw new QueryError(`cannot plan the query: a scalar is wanted where a ${plan.kind} stands`);
    return plan;
  }

  string(expr: Expr): string {
    const plan = this.plan(expr);
    if (plan.kind !== 'string')
      throw new QueryError(`cannot plan the query: a string is wanted where a ${plan.kind} stands`);
    return plan.value;
  }
}
