import { type Rewrite, rewritePlan, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { AggregatePlan, Plan, ScanPlan, VectorPlan } from '../plan/plan.ts';
import { folds, scanBelow } from './chain.ts';

/**
 * The aggregations, by the scan that they fold, whose series several threads can fold (see piecework.ts). `kept` are
 * the nodes that are computed once for several readers: who keeps them needs them whole.
 */
export function divisible(plan: Plan, kept: ReadonlySet<VectorPlan>): Map<ScanPlan, AggregatePlan[]> {
  const found = new Map<ScanPlan, Set<AggregatePlan>>();
  const by: Rewrite = {
    vector(part) {
      if (!folds(part)) return rewriteVector(part, by);
      const scan = scanBelow(part.vector, kept);
      if (!scan) return rewriteVector(part, by);
      found.set(scan, (found.get(scan) ?? new Set()).add(part));
      return part;
    },
    scalar: (part) => rewriteScalar(part, by),
  };
  rewritePlan(plan, by);
  return new Map([...found].map(([scan, parts]) => [scan, [...parts]]));
}
