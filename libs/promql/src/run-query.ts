import { Annotations } from './annotations.ts';
import type { Budget } from './budget.ts';
import { openScans } from './open-scans.ts';
import { Assembly } from './operators/assemble.ts';
import type { NameRemoval } from './operators/labelled.ts';
import type { SampleSource } from './operators/operator.ts';
import { SubquerySource } from './operators/subquery.ts';
import { divisible } from './passes/divide.ts';
import { optimise } from './passes/optimise.ts';
import { selectorsOf } from './passes/share-selectors.ts';
import { foldWithPartner, type Partner } from './piecework.ts';
import { isScalarPlan, type Plan, type RangePlan } from './plan/plan.ts';
import type { Queryable } from './queryable.ts';
import type { QueryResult, Value } from './result.ts';
import { finalNames, matrixOfRaw, matrixOfScalar, matrixOfVector, scalarValue, vectorValue } from './show.ts';

export interface QueryRun {
  readonly kind: 'instant' | 'range';
  /** The query's text, which remarks point into. */
  readonly text: string;
  readonly nameRemoval: NameRemoval;
  readonly budget: Budget;
  readonly partner: Partner | undefined;
}

/** Optimises a plan, opens its selectors, has a partner take part where that pays, then computes without waiting. */
export async function runQuery(planned: Plan, run: QueryRun, storage: Queryable): Promise<QueryResult> {
  const { text, nameRemoval, budget, partner } = run;
  budget.check();
  const { plan, sharing } = optimise(planned);
  const { scans, close } = await openScans([...new Set(selectorsOf(plan))], storage);
  try {
    const annotations = new Annotations(text);
    for (const scan of scans.values()) for (const warning of scan.warnings) annotations.relay(warning);
    const assembly = new Assembly({ scans, nameRemoval, budget, annotations }, sharing);
    // Names that go later are still there to be grouped by, and who loses them is known of own series only.
    if (partner && nameRemoval === 'now')
      await foldWithPartner(
        divisible(plan, sharing.kept),
        { text, scans, assembly, budget, annotations },
        partner,
      );
    const value = evaluate(plan, run, assembly);
    return {
      value,
      warnings: annotations.warnings(),
      infos: annotations.infos(),
      stats: { totalQueryableSamples: budget.queryable, peakSamples: budget.peak },
    };
  } finally {
    close();
  }
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
