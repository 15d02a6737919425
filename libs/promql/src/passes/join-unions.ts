import type { VectorMatching } from '../ast.ts';
import { type Rewrite, rewritePlan, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { Plan, VectorPlan } from '../plan/plan.ts';

/**
 * `a or b or c` with one way of matching becomes one node of three parts instead of two nested ones, each of which
 * looks at all series below it. 500 × the same selector, 20 series × 61 steps: 16.9 s → 0.2 s.
 */
export function joinUnions(plan: Plan): Plan {
  return rewritePlan(plan, joined);
}

const joined: Rewrite = {
  vector(plan) {
    const built = rewriteVector(plan, joined);
    if (built.kind !== 'union') return built;
    return { ...built, parts: built.parts.flatMap((part) => partsOf(part, built.matching)) };
  },
  scalar: (plan) => rewriteScalar(plan, joined),
};

function partsOf(part: VectorPlan, matching: VectorMatching): readonly VectorPlan[] {
  return part.kind === 'union' && sameMatching(part.matching, matching) ? part.parts : [part];
}

function sameMatching(a: VectorMatching, b: VectorMatching): boolean {
  return (
    a.on === b.on &&
    a.labels.length === b.labels.length &&
    a.labels.every((label, i) => label === b.labels[i])
  );
}
