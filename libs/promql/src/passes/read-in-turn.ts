import { type Rewrite, rewritePlan, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { Plan, VectorPlan } from '../plan/plan.ts';
import { folds, scanBelow } from './chain.ts';

/**
 * Of the nodes with several readers, those that need not be kept as a whole: all their readers are aggregations that
 * fold one scan together (see fold.ts), each series in turn.
 * sum by (model) (rate(x[5m])) / ignoring (model) group_left sum(rate(x[5m])), 6000 series × 55 steps: 28 ms → 24 ms of
 * CPU time, and series × steps samples less in memory.
 */
export function readInTurn(plan: Plan, shared: ReadonlySet<VectorPlan>): Set<VectorPlan> {
  const inTurn = new Set([...shared].filter((part) => scanBelow(part, new Set())));
  const by: Rewrite = {
    vector(part) {
      return rewriteVector(part, { vector: (below) => read(below, folds(part)), scalar });
    },
    scalar: (part) => rewriteScalar(part, { vector: (below) => read(below, false), scalar }),
  };
  const scalar = by.scalar;
  const read = (part: VectorPlan, folded: boolean): VectorPlan => {
    if (!folded) inTurn.delete(part);
    return by.vector(part);
  };
  rewritePlan(plan, { ...by, vector: (root) => read(root, false) });
  return inTurn;
}
