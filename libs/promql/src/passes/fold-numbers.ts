import { scalarFunction } from '../operators/scalar.ts';
import { type Rewrite, rewritePlan, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { Plan, ScalarPlan } from '../plan/plan.ts';

/** Arithmetic on numbers is done once and not at every step. */
export function foldNumbers(plan: Plan): Plan {
  return rewritePlan(plan, folded);
}

const folded: Rewrite = {
  vector: (plan) => rewriteVector(plan, folded),
  scalar(plan): ScalarPlan {
    const inner = rewriteScalar(plan, folded);
    if (inner.kind !== 'scalar-arithmetic') return inner;
    const { lhs, rhs, op, from, to, grid } = inner;
    if (lhs.kind !== 'number' || rhs.kind !== 'number') return inner;
    return { kind: 'number', from, to, grid, value: scalarFunction(op)(lhs.value, rhs.value) };
  },
};
