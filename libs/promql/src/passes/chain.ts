import { accumulators } from '../aggregation/table.ts';
import { fixesName } from '../operators/scan.ts';
import type { AggregatePlan, ScalarPlan, ScanPlan, VectorPlan } from '../plan/plan.ts';

export function folds(plan: VectorPlan): plan is AggregatePlan {
  return plan.kind === 'aggregate' && accumulators.has(plan.op);
}

/**
 * The scan whose series a vector has one for one, in whatever order they are read: below it stands nothing but one
 * selector and functions of each series by itself, and none of the nodes that are kept as a whole.
 */
export function scanBelow(plan: VectorPlan, kept: ReadonlySet<VectorPlan>): ScanPlan | undefined {
  const { scan, dropsNames } = chain(plan, kept) ?? {};
  // Without their names two series may become one, and then there is no order any more.
  return dropsNames && !scan?.matchers.some(fixesName) ? undefined : scan;
}

interface Chain {
  readonly scan: ScanPlan;
  readonly dropsNames: boolean;
}

function chain(plan: VectorPlan, kept: ReadonlySet<VectorPlan>): Chain | undefined {
  if (kept.has(plan)) return undefined;
  switch (plan.kind) {
    case 'select':
      return { scan: plan.scan, dropsNames: plan.yields !== 'value' };
    case 'window': {
      if (!plan.args.every(standsAlone)) return undefined;
      const { over } = plan;
      const below =
        over.kind === 'samples' ? { scan: over.scan, dropsNames: false } : chain(over.inner, kept);
      return below && { ...below, dropsNames: below.dropsNames || !plan.keepsName };
    }
    case 'once':
      return chain(plan.vector, kept);
    case 'map':
      return plan.args.every(standsAlone) ? withoutNames(chain(plan.vector, kept)) : undefined;
    case 'vector-scalar':
      return standsAlone(plan.scalar) ? withoutNames(chain(plan.vector, kept)) : undefined;
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
