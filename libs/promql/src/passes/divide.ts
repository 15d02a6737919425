import { accumulators } from '../aggregation/table.ts';
import { fixesName } from '../operators/scan.ts';
import { type Rewrite, rewritePlan, rewriteScalar, rewriteVector } from '../plan/children.ts';
import type { AggregatePlan, Plan, ScalarPlan, ScanPlan, VectorPlan } from '../plan/plan.ts';

/**
 * The aggregations, by the scan that they fold, whose series can be folded in any order and by several threads
 * (see piecework.ts): below them stands nothing but one selector and functions of each series by itself.
 * `shared` are the nodes that are computed once and kept for several readers: who keeps them needs them whole.
 */
export function divisible(plan: Plan, shared: ReadonlySet<VectorPlan>): Map<ScanPlan, AggregatePlan[]> {
  const found = new Map<ScanPlan, Set<AggregatePlan>>();
  const by: Rewrite = {
    vector(part) {
      const scan = part.kind === 'aggregate' && accumulators.has(part.op) && scanBelow(part.vector, shared);
      if (!scan) return rewriteVector(part, by);
      found.set(scan, (found.get(scan) ?? new Set()).add(part));
      return part;
    },
    scalar: (part) => rewriteScalar(part, by),
  };
  rewritePlan(plan, by);
  return new Map([...found].map(([scan, parts]) => [scan, [...parts]]));
}

/** The scan whose series a vector has one for one. */
function scanBelow(plan: VectorPlan, shared: ReadonlySet<VectorPlan>): ScanPlan | undefined {
  const { scan, dropsNames } = chain(plan, shared) ?? {};
  // Without their names two series may become one, and another thread may have the other.
  return dropsNames && !scan?.matchers.some(fixesName) ? undefined : scan;
}

interface Chain {
  readonly scan: ScanPlan;
  readonly dropsNames: boolean;
}

function chain(plan: VectorPlan, shared: ReadonlySet<VectorPlan>): Chain | undefined {
  if (shared.has(plan)) return undefined;
  switch (plan.kind) {
    case 'select':
      return { scan: plan.scan, dropsNames: plan.yields !== 'value' };
    case 'window': {
      if (!plan.args.every(standsAlone)) return undefined;
      const { over } = plan;
      const below =
        over.kind === 'samples' ? { scan: over.scan, dropsNames: false } : chain(over.inner, shared);
      return below && { ...below, dropsNames: below.dropsNames || !plan.keepsName };
    }
    case 'once':
      return chain(plan.vector, shared);
    case 'map':
      return plan.args.every(standsAlone) ? withoutNames(chain(plan.vector, shared)) : undefined;
    case 'vector-scalar':
      return standsAlone(plan.scalar) ? withoutNames(chain(plan.vector, shared)) : undefined;
    default:
      return undefined;
  }
}

function withoutNames(below: Chain | undefined): Chain | undefined {
  return below && { ...below, dropsNames: true };
}

/** Whether a number can be computed without any series. */
function standsAlone(plan: ScalarPlan): boolean {
  switch (plan.kind) {
    case 'number':
    case 'time':
      return true;
    case 'scalar-of':
      return false;
    case 'scalar-arithmetic':
      return standsAlone(plan.lhs) && standsAlone(plan.rhs);
  }
}
