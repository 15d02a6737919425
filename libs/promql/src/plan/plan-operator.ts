import type { Aggregation, BinaryExpr, UnaryExpr, VectorMatching } from '../ast.ts';
import { QueryError } from '../query-error.ts';
import { isScalarPlan, type Plan, type ScalarPlan, type VectorPlan } from './plan.ts';
import { type Planner, placeOf } from './planner.ts';

export function planUnary(expr: UnaryExpr, planner: Planner): Plan {
  const inner = planner.plan(expr.expr);
  if (expr.op === '+') return inner;
  const place = placeOf(expr, planner);
  if (isScalarPlan(inner)) {
    const minusOne: ScalarPlan = { ...place, kind: 'number', value: -1 };
    return { ...place, kind: 'scalar-arithmetic', op: '*', lhs: inner, rhs: minusOne };
  }
  return { ...place, kind: 'map', func: 'negate', vector: asVector(inner), args: [] };
}

const matchAll: VectorMatching = { card: 'one-to-one', on: false, labels: [], include: [] };

export function planBinary(expr: BinaryExpr, around: Planner): Plan {
  const planner = around.exactHints ? around.with({ exactHints: false }) : around;
  const place = placeOf(expr, planner);
  const { op, bool, matching = matchAll } = expr;
  const lhs = planner.plan(expr.lhs);
  const rhs = planner.plan(expr.rhs);
  const left = isScalarPlan(lhs);
  const right = isScalarPlan(rhs);
  if (left && right) return { ...place, kind: 'scalar-arithmetic', op, lhs, rhs };
  if (right)
    return { ...place, kind: 'vector-scalar', op, vector: asVector(lhs), scalar: rhs, swapped: false, bool };
  if (left)
    return { ...place, kind: 'vector-scalar', op, vector: asVector(rhs), scalar: lhs, swapped: true, bool };
  const sides = { lhs: asVector(lhs), rhs: asVector(rhs) };
  if (op === 'and' || op === 'unless') return { ...place, kind: 'restrict', op, ...sides, matching };
  if (op === 'or') return { ...place, kind: 'union', parts: [sides.lhs, sides.rhs], matching };
  return { ...place, kind: 'vector-vector', op, ...sides, bool, matching };
}

export function planAggregation(expr: Aggregation, planner: Planner): VectorPlan {
  const { op, without, grouping } = expr;
  const param = expr.param && planner.plan(expr.param);
  if (param && !isScalarPlan(param) && param.kind !== 'string')
    throw new QueryError(`cannot plan the query: the parameter of ${op} is a ${param.kind}`);
  const vector = planner.vector(expr.expr);
  return { ...placeOf(expr, planner), kind: 'aggregate', op, vector, param, without, grouping };
}

export function asVector(plan: Plan): VectorPlan {
  if (isScalarPlan(plan) || plan.kind === 'string' || plan.kind === 'raw')
    throw new QueryError(`cannot plan the query: a vector is wanted where a ${plan.kind} stands`);
  return plan;
}
