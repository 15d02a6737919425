import { calendarFunctions } from '../functions/float/calendar.ts';
import type { Grid } from '../grid.ts';
import { type Rewrite, rewritePlan, rewriteRange, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { Plan, ScalarPlan, VectorPlan } from '../plan/plan.ts';

/**
 * What does not depend on the evaluation time (`x @ end()`) is computed at one step instead of all.
 * topk(5, rate(x[5m] @ end())), 6000 series × 55 steps: 46 ms → 36 ms of CPU time, decoding included.
 */
export function pin(plan: Plan): Plan {
  return rewritePlan(plan, pinned);
}

const pinned: Rewrite = {
  vector(plan) {
    if (plan.grid.count > 1 && isPinned(plan))
      return { ...once(plan), vector: rewriteVector(onGrid(plan, firstStep(plan.grid)), pinned) };
    return rewriteVector(plan, pinned);
  },
  scalar: (plan) => rewriteScalar(plan, pinned),
};

function once({ from, to, grid }: VectorPlan): { kind: 'once'; from: number; to: number; grid: Grid } {
  return { kind: 'once', from, to, grid };
}

function firstStep({ start, step }: Grid): Grid {
  return { start, step, count: 1 };
}

function isPinned(plan: VectorPlan): boolean {
  switch (plan.kind) {
    case 'select':
      return plan.reach.at !== undefined;
    case 'window':
      // predict_linear looks ahead from the evaluation time.
      return plan.reach.at !== undefined && plan.func !== 'predict_linear' && plan.args.every(isConstant);
    case 'map':
      return !followsTime(plan.func) && isPinned(plan.vector) && plan.args.every(isConstant);
    case 'buckets':
      return isPinned(plan.vector) && plan.args.every(isConstant);
    case 'once':
      return true;
    case 'absent':
    case 'relabel':
    case 'sort':
      return isPinned(plan.vector);
    case 'vector-of':
      return isConstant(plan.scalar);
    case 'vector-scalar':
      return isPinned(plan.vector) && isConstant(plan.scalar);
    case 'vector-vector':
    case 'restrict':
      return isPinned(plan.lhs) && isPinned(plan.rhs);
    case 'union':
      return plan.parts.every(isPinned);
    case 'aggregate':
      // Prometheus looks at the vector alone: of a parameter that varies the first value counts.
      return isPinned(plan.vector);
    case 'info':
      return isPinned(plan.vector) && isPinned(plan.info);
  }
}

/** Calendar functions could do without, but Prometheus counts them in, and an aggregation's parameter tells. */
function followsTime(func: string): boolean {
  return func === 'timestamp' || func in calendarFunctions;
}

function isConstant(plan: ScalarPlan): boolean {
  switch (plan.kind) {
    case 'number':
      return true;
    case 'time':
      return false;
    case 'scalar-of':
      return isPinned(plan.vector);
    case 'scalar-arithmetic':
      return isConstant(plan.lhs) && isConstant(plan.rhs);
  }
}

/** The same plan on another grid. What stands in a subquery keeps the subquery's. */
function onGrid(plan: VectorPlan, grid: Grid): VectorPlan {
  const by: Rewrite = {
    vector: (inner) => onGrid(inner, grid),
    scalar: (inner) => scalarOnGrid(inner, grid),
  };
  if (plan.kind === 'window') {
    const over = plan.over.kind === 'samples' ? rewriteRange(plan.over, by) : plan.over;
    return { ...plan, grid, over, args: plan.args.map((arg) => by.scalar(arg)) };
  }
  return { ...rewriteVector(plan, by), grid };
}

function scalarOnGrid(plan: ScalarPlan, grid: Grid): ScalarPlan {
  const by: Rewrite = {
    vector: (inner) => onGrid(inner, grid),
    scalar: (inner) => scalarOnGrid(inner, grid),
  };
  return { ...rewriteScalar(plan, by), grid };
}
