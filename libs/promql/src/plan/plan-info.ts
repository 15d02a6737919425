import { type Matcher, metricName } from '@paddlewatch/model';
import type { Call, Expr } from '../ast.ts';
import type { Reach } from '../grid.ts';
import { children } from '../syntax/walk.ts';
import type { InfoPlan, SelectPlan } from './plan.ts';
import { planReach, planScan } from './plan-selector.ts';
import { type Planner, placeOf, withoutParens } from './planner.ts';

/** `info(v, {…})`: the info metrics are looked up at the time that the samples of v speak of. */
export function planInfo(expr: Call, planner: Planner): InfoPlan {
  const [vector, chosen] = expr.args;
  const given = chosen && withoutParens(chosen);
  const { matchers, data } = infoSelection(given?.kind === 'vector' ? given.matchers : []);
  const reach = reachOf(vector!, (inner) =>
    inner.kind === 'vector' || inner.kind === 'subquery' ? planReach(inner, planner) : undefined,
  );
  const { lookback } = planner.settings;
  const place = placeOf(expr, planner);
  const scan = planScan({ matchers, func: 'info' }, reach, planner, { before: lookback, after: 0 });
  const info: SelectPlan = {
    ...place,
    kind: 'select',
    scan,
    reach,
    lookback,
    smoothed: false,
    yields: 'value',
  };
  return { ...place, kind: 'info', vector: planner.vector(vector!), info, matchers: data };
}

/** What `info(v, {…})` selects: info metrics by name and by the data labels asked for. */
interface InfoSelection {
  readonly matchers: readonly Matcher[];
  /** Those on data labels alone. */
  readonly data: readonly Matcher[];
}

/** `target_info` unless names are given; where names are only ruled out, all of the usual form. */
function infoSelection(given: readonly Matcher[]): InfoSelection {
  const data = given.filter(({ name }) => name !== metricName);
  const names = given.filter(({ name }) => name === metricName);
  if (names.length === 0) names.push({ name: metricName, type: '=', value: 'target_info' });
  else if (names.every(({ type }) => type === '!=' || type === '!~'))
    names.push({ name: metricName, type: '=~', value: '.+_info' });
  return { matchers: [...names, ...data], data };
}

/** The time that the samples of an expression speak of: that of its first selector, with all shifts around it. */
function reachOf(expr: Expr, shift: (expr: Expr) => Reach | undefined): Reach {
  const own = shift(expr) ?? { offset: 0 };
  if (expr.kind === 'vector') return own;
  for (const part of children(expr)) {
    if (!hasSelector(part)) continue;
    const inner = reachOf(part, shift);
    // An inner @ starts anew; without one the shifts add up.
    return inner.at === undefined ? { ...own, offset: own.offset + inner.offset } : inner;
  }
  return own;
}

function hasSelector(expr: Expr): boolean {
  return expr.kind === 'vector' || children(expr).some(hasSelector);
}
