import { Annotations } from './annotations.ts';
import type { Budget } from './budget.ts';
import { Assembly } from './operators/assemble.ts';
import type { NameRemoval } from './operators/labelled.ts';
import type { SampleSource } from './operators/operator.ts';
import { Scan } from './operators/scan.ts';
import { SubquerySource } from './operators/subquery.ts';
import { optimise } from './passes/optimise.ts';
import { scansOf } from './passes/share-selectors.ts';
import { isScalarPlan, type Plan, type RangePlan, type ScanPlan } from './plan/plan.ts';
import type { Querier, Queryable, SeriesSet } from './queryable.ts';
import type { QueryResult, Value } from './result.ts';
import { finalNames, matrixOfRaw, matrixOfScalar, matrixOfVector, scalarValue, vectorValue } from './show.ts';

export interface QueryRun {
  readonly kind: 'instant' | 'range';
  /** The query's text, which remarks point into. */
  readonly text: string;
  readonly nameRemoval: NameRemoval;
  readonly budget: Budget;
}

/** Optimises a plan, opens its selectors (the only time it waits), then computes. */
export async function runQuery(planned: Plan, run: QueryRun, storage: Queryable): Promise<QueryResult> {
  run.budget.check();
  const { plan, shared } = optimise(planned);
  const scanPlans = [...scansOf(plan)];
  const mint = scanPlans.reduce((least, scan) => Math.min(least, scan.mint), Infinity);
  const maxt = scanPlans.reduce((most, scan) => Math.max(most, scan.maxt), -Infinity);
  const querier = scanPlans.length > 0 ? storage.querier(mint, maxt) : undefined;
  try {
    const scans = querier ? await openScans(querier, scanPlans) : new Map<ScanPlan, Scan>();
    const annotations = new Annotations(run.text);
    for (const scan of scans.values()) for (const warning of scan.warnings) annotations.relay(warning);
    const { nameRemoval, budget } = run;
    const assembly = new Assembly({ scans, nameRemoval, budget, annotations }, shared);
    const value = evaluate(plan, run, assembly);
    return {
      value,
      warnings: annotations.warnings(),
      infos: annotations.infos(),
      stats: { totalQueryableSamples: budget.queryable, peakSamples: budget.peak },
    };
  } finally {
    querier?.close();
  }
}

async function openScans(querier: Querier, plans: readonly ScanPlan[]): Promise<Map<ScanPlan, Scan>> {
  const opening = plans.map((plan) => querier.select(plan.matchers, plan));
  // A storage that answers at once costs no turn of the event loop.
  const sets = opening.some((set) => set instanceof Promise)
    ? await Promise.all(opening)
    : (opening as SeriesSet[]);
  return new Map(plans.map((plan, i) => [plan, new Scan(sets[i]!, plan)]));
}

function evaluate(plan: Plan, { kind, budget }: QueryRun, assembly: Assembly): Value {
  const { grid } = plan;
  if (plan.kind === 'string') return { type: 'string', t: grid.start, v: plan.value };
  if (plan.kind === 'raw') return matrixOfRaw(rawSource(plan.over, assembly, budget), plan, budget);
  if (isScalarPlan(plan)) {
    const scalar = assembly.scalar(plan);
    return kind === 'instant' ? scalarValue(scalar, grid) : matrixOfScalar(scalar, grid);
  }
  const vector = assembly.vector(plan);
  return kind === 'instant' ? vectorValue(vector, grid, budget) : matrixOfVector(vector, grid, budget);
}

/** Of a subquery that is the whole query, names go now as they do from other results. */
function rawSource(plan: RangePlan, assembly: Assembly, budget: Budget): SampleSource {
  if (plan.kind === 'samples') return assembly.source(plan);
  const { grid } = plan.inner;
  return new SubquerySource(finalNames(assembly.vector(plan.inner), grid.count, budget), grid);
}
