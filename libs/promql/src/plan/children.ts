import type { Plan, RangePlan, ScalarPlan, VectorPlan } from './plan.ts';

/** What a pass does with the parts of a node. */
export interface Rewrite {
  vector(plan: VectorPlan): VectorPlan;
  scalar(plan: ScalarPlan): ScalarPlan;
}

/** A vector node with its direct parts rewritten. */
export function rewriteVector(plan: VectorPlan, by: Rewrite): VectorPlan {
  switch (plan.kind) {
    case 'select':
      return plan;
    case 'window':
      return { ...plan, over: rewriteRange(plan.over, by), args: plan.args.map((arg) => by.scalar(arg)) };
    case 'map':
    case 'buckets':
      return { ...plan, vector: by.vector(plan.vector), args: plan.args.map((arg) => by.scalar(arg)) };
    case 'once':
    case 'absent':
    case 'relabel':
    case 'sort':
      return { ...plan, vector: by.vector(plan.vector) };
    case 'vector-of':
      return { ...plan, scalar: by.scalar(plan.scalar) };
    case 'vector-scalar':
      return { ...plan, vector: by.vector(plan.vector), scalar: by.scalar(plan.scalar) };
    case 'vector-vector':
    case 'restrict':
      return { ...plan, lhs: by.vector(plan.lhs), rhs: by.vector(plan.rhs) };
    case 'union':
      return { ...plan, parts: plan.parts.map((part) => by.vector(part)) };
    case 'aggregate': {
      const param = plan.param && plan.param.kind !== 'string' ? by.scalar(plan.param) : plan.param;
      return { ...plan, vector: by.vector(plan.vector), param };
    }
    case 'info': {
      const info = by.vector(plan.info);
      return { ...plan, vector: by.vector(plan.vector), info: info.kind === 'select' ? info : plan.info };
    }
  }
}

export function rewriteScalar(plan: ScalarPlan, by: Rewrite): ScalarPlan {
  switch (plan.kind) {
    case 'number':
    case 'time':
      return plan;
    case 'scalar-of':
      return { ...plan, vector: by.vector(plan.vector) };
    case 'scalar-arithmetic':
      return { ...plan, lhs: by.scalar(plan.lhs), rhs: by.scalar(plan.rhs) };
  }
}

export function rewriteRange(plan: RangePlan, by: Rewrite): RangePlan {
  return plan.kind === 'subquery' ? { ...plan, inner: by.vector(plan.inner) } : plan;
}

/** Applies a rewrite to the root of a plan of any type. */
export function rewritePlan(plan: Plan, by: Rewrite): Plan {
  switch (plan.kind) {
    case 'string':
      return plan;
    case 'raw':
      return { ...plan, over: rewriteRange(plan.over, by) };
    case 'number':
    case 'time':
    case 'scalar-of':
    case 'scalar-arithmetic':
      return by.scalar(plan);
    default:
      return by.vector(plan);
  }
}
