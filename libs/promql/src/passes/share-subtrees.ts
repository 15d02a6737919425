import { type Rewrite, rewritePlan, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { Plan, VectorPlan } from '../plan/plan.ts';

/** The nodes of a plan that have several readers. */
export interface Sharing {
  /** Those that are kept as a whole. */
  readonly kept: ReadonlySet<VectorPlan>;
  /** Those whose readers take each series in turn. */
  readonly inTurn: ReadonlySet<VectorPlan>;
}

/**
 * Equal parts of a query become one node, which is then computed once.
 * (a / b > 0.1) or (a / b < 0.9), a and b sums of rates over 6000 series × 55 steps: 112 ms → 99 ms of CPU time.
 * Returns the nodes that stand in the plan more than once as well.
 */
export function shareSubtrees(plan: Plan): { plan: Plan; shared: ReadonlySet<VectorPlan> } {
  const nodes = new Map<string, VectorPlan>();
  const names = new Map<object, string>();
  const shared = new Set<VectorPlan>();
  const nameOf = (part: object) => {
    const name = names.get(part) ?? `#${names.size}`;
    names.set(part, name);
    return name;
  };
  const by: Rewrite = {
    vector(part) {
      const built = rewriteVector(part, by);
      const key = structure(built, names, nameOf);
      const known = nodes.get(key);
      if (known) {
        shared.add(known);
        return known;
      }
      nodes.set(key, built);
      nameOf(built);
      return built;
    },
    scalar: (part) => rewriteScalar(part, by),
  };
  return { plan: rewritePlan(plan, by), shared };
}

/** What a node is, wherever it stands: its fields without the position; known parts and scans by their name. */
function structure(node: VectorPlan, names: Map<object, string>, nameOf: (part: object) => string): string {
  return JSON.stringify(node, (key, value) => {
    if (key === 'from' || key === 'to') return undefined;
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (typeof value !== 'object' || value === null || value === node) return value;
    if (key === 'scan') return nameOf(value);
    return names.get(value) ?? value;
  });
}
