import type { Call, Expr } from '../ast.ts';
import { mapFunctions } from '../functions/float/table.ts';
import { nameKeeping, rangeFunctions } from '../functions/range/table.ts';
import { QueryError } from '../query-error.ts';
import { absentLabels } from './absent-labels.ts';
import type { QueryTimes } from './durations.ts';
import { isScalarPlan, type Plan, type ScalarPlan, type VectorPlan, type WindowPlan } from './plan.ts';
import { planInfo } from './plan-info.ts';
import { asVector } from './plan-operator.ts';
import { planRange, planSelect } from './plan-selector.ts';
import { type Planner, placeOf, withoutParens } from './planner.ts';

/** A call, by the family of its function. */
export function planCall(expr: Call, planner: Planner): Plan {
  const { func, args } = expr;
  const place = placeOf(expr, planner);
  if (func === 'timestamp' || func === 'start_timestamp') return planTimestamp(expr, func, planner);
  if (rangeFunctions.has(func)) return planWindow(expr, planner);
  if (mapFunctions.has(func)) return planMap(expr, planner);
  if (func.startsWith('histogram_')) return planBuckets(expr, planner);
  switch (func) {
    case 'time':
      return { ...place, kind: 'time' };
    case 'pi':
    case 'start':
    case 'end':
    case 'step':
    case 'range':
      return { ...place, kind: 'number', value: constant(func, planner.settings.times) };
    case 'min_of':
    case 'max_of': {
      const op = func === 'min_of' ? 'min' : 'max';
      const [lhs, rhs] = [planner.scalar(args[0]!), planner.scalar(args[1]!)];
      return { ...place, kind: 'scalar-arithmetic', op, lhs, rhs };
    }
    case 'scalar':
      return { ...place, kind: 'scalar-of', vector: planner.vector(args[0]!) };
    case 'vector':
      return { ...place, kind: 'vector-of', scalar: planner.scalar(args[0]!) };
    case 'absent':
      return { ...place, kind: 'absent', vector: planner.vector(args[0]!), labels: absentLabels(args[0]!) };
    case 'absent_over_time': {
      // Nobody sees the names here, so that series may well differ in them alone.
      const present = planWindow({ ...expr, func: 'present_over_time' }, planner);
      const vector = { ...present, keepsName: true };
      return { ...place, kind: 'absent', vector, labels: absentLabels(args[0]!) };
    }
    case 'label_replace':
    case 'label_join': {
      const strings = args.slice(1).map((arg) => planner.string(arg));
      return { ...place, kind: 'relabel', func, vector: planner.vector(args[0]!), strings };
    }
    case 'sort':
    case 'sort_desc':
    case 'sort_by_label':
    case 'sort_by_label_desc': {
      const names = args.slice(1).map((arg) => planner.string(arg));
      return { ...place, kind: 'sort', func, vector: planner.vector(args[0]!), names };
    }
    case 'info':
      return planInfo(expr, planner);
    default:
      throw new QueryError(`function ${func} is not there yet`);
  }
}

function constant(func: 'pi' | 'start' | 'end' | 'step' | 'range', { start, end, step }: QueryTimes): number {
  switch (func) {
    case 'pi':
      return Math.PI;
    case 'start':
      return start / 1000;
    case 'end':
      return end / 1000;
    case 'step':
      // As in Prometheus, unlike the `step()` of a duration.
      return start === end ? 0 : step / 1000;
    case 'range':
      return (end - start) / 1000;
  }
}

/** A function over the samples of a range. */
function planWindow(expr: Call, planner: Planner): WindowPlan {
  const { func } = expr;
  const at = expr.args.findIndex(isRange);
  const args = expr.args.filter((_, i) => i !== at).map((arg) => planner.scalar(arg));
  const { lookback } = planner.settings;
  const over = planRange(expr.args[at]!, func, planner);
  const keepsName = nameKeeping.has(func);
  return { ...placeOf(expr, planner), kind: 'window', func, args, lookback, keepsName, ...over };
}

function isRange(expr: Expr): boolean {
  const inner = withoutParens(expr);
  return inner.kind === 'matrix' || inner.kind === 'subquery';
}

/** A function over each value; those of the calendar speak of now where no vector is given. */
function planMap(expr: Call, planner: Planner): VectorPlan {
  const place = placeOf(expr, planner);
  const [first, ...rest] = expr.args;
  const now: VectorPlan = { ...place, kind: 'vector-of', scalar: { ...place, kind: 'time' } };
  const vector = first ? planner.vector(first) : now;
  return { ...place, kind: 'map', func: expr.func, vector, args: rest.map((arg) => planner.scalar(arg)) };
}

/** Only a selector knows the times of its samples. */
function planTimestamp(expr: Call, func: 'timestamp' | 'start_timestamp', planner: Planner): VectorPlan {
  const inner = withoutParens(expr.args[0]!);
  const place = placeOf(expr, planner);
  if (inner.kind === 'vector') return { ...planSelect(inner, func, planner), ...place };
  return { ...place, kind: 'map', func, vector: planner.vector(inner), args: [] };
}

/** Functions for which a histogram's count and sum are all that matters. */
const withoutBuckets: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_avg']);

/** A function of histograms. */
function planBuckets(expr: Call, around: Planner): VectorPlan {
  const planner = around.with({ exactHints: withoutBuckets.has(expr.func) });
  const scalars: ScalarPlan[] = [];
  let vector: VectorPlan | undefined;
  let label: string | undefined;
  for (const arg of expr.args) {
    const plan = planner.plan(arg);
    if (isScalarPlan(plan)) scalars.push(plan);
    else if (plan.kind === 'string') label = plan.value;
    else vector = asVector(plan);
  }
  if (!vector) throw new QueryError(`cannot plan the query: ${expr.func} has no vector`);
  return { ...placeOf(expr, planner), kind: 'buckets', func: expr.func, vector, args: scalars, label };
}
