import type { Matcher } from '@paddlewatch/model';
import type { Expr, Subquery, VectorSelector } from '../ast.ts';
import { type Grid, gridEnd, type Reach } from '../grid.ts';
import { QueryError } from '../query-error.ts';
import { durationMs } from './durations.ts';
import type { RangePlan, ScanPlan, SelectPlan } from './plan.ts';
import { type Planner, placeOf } from './planner.ts';

/** An instant selector: the last sample of each series, or what else of it is wanted. */
export function planSelect(
  selector: VectorSelector,
  yields: SelectPlan['yields'],
  planner: Planner,
): SelectPlan {
  const reach = planReach(selector, planner);
  const { lookback } = planner.settings;
  const { smoothed, matchers } = selector;
  const after = smoothed ? lookback : 0;
  const scan = planScan({ matchers, func: yields === 'value' ? '' : yields }, reach, planner, {
    before: lookback,
    after,
  });
  return { ...placeOf(selector, planner), kind: 'select', scan, reach, lookback, smoothed, yields };
}

/** Where the samples of a range come from, how wide its windows are and where they lie. */
export interface PlannedRange {
  readonly over: RangePlan;
  readonly range: number;
  readonly reach: Reach;
}

/** The range that a function, '' for none, works on. */
export function planRange(expr: Expr, func: string, planner: Planner): PlannedRange {
  if (expr.kind === 'paren') return planRange(expr.expr, func, planner);
  if (expr.kind === 'subquery') return planSubquery(expr, planner);
  if (expr.kind !== 'matrix')
    throw new QueryError(`cannot plan the query: a range is wanted where a ${expr.kind} stands`);
  const { anchored, smoothed, matchers } = expr.selector;
  const { times, lookback } = planner.settings;
  const extended = smoothed ? 'smoothed' : anchored ? 'anchored' : undefined;
  if (extended) checkExtended(extended, func);
  const range = expr.rangeExpr ? durationMs(expr.rangeExpr, times, false) : expr.range;
  const reach = planReach(expr.selector, planner);
  const before = range + (extended ? lookback : 0);
  const after = smoothed ? lookback : 0;
  const scan = planScan({ matchers, func, range }, reach, planner, { before, after });
  return { over: { ...placeOf(expr, planner), kind: 'samples', scan, extended }, range, reach };
}

function planSubquery(expr: Subquery, planner: Planner): PlannedRange {
  const { times, subqueryStep } = planner.settings;
  const range = expr.rangeExpr ? durationMs(expr.rangeExpr, times, false) : expr.range;
  const written = expr.stepExpr ? durationMs(expr.stepExpr, times, false) : expr.step;
  const step = written === 0 ? subqueryStep : written;
  const reach = planReach(expr, planner);
  const [first, last] = references(reach, planner.grid);
  // Aligned to multiples of the step, so that a moving query sees the same inner points; left-open.
  const start = (Math.floor((first - range) / step) + 1) * step;
  const grid = { start, step, count: Math.max(0, Math.floor((last - start) / step) + 1) };
  const inner = planner.with({ grid, exactHints: false }).vector(expr.expr);
  return { over: { ...placeOf(expr, planner), kind: 'subquery', inner }, range, reach };
}

/** What a selector opens: samples from `before` the first reference time to `after` the last, ms. */
export function planScan(
  { matchers, func, range = 0 }: { matchers: readonly Matcher[]; func: string; range?: number },
  reach: Reach,
  { grid, settings, exactHints }: Planner,
  { before, after }: { before: number; after: number },
): ScanPlan {
  const [first, last] = references(reach, grid);
  const times = { mint: first - before + 1, maxt: last + after, step: settings.times.step };
  return { matchers, ...times, func, range, exactHints };
}

/** The first and the last reference time of a grid. */
function references({ at, offset }: Reach, grid: Grid): [number, number] {
  return [(at ?? grid.start) - offset, (at ?? gridEnd(grid)) - offset];
}

/** The shifts of a selector or subquery in numbers. */
export function planReach(shifted: VectorSelector | Subquery, { settings: { times } }: Planner): Reach {
  const offset = shifted.offsetExpr ? durationMs(shifted.offsetExpr, times, true) : shifted.offset;
  const { at } = shifted;
  if (at === undefined) return { offset };
  return { offset, at: at === 'start' ? times.start : at === 'end' ? times.end : at };
}

/** What can be said of a window whose edges are not samples. */
const extendedFunctions = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
} as const;

function checkExtended(modifier: 'anchored' | 'smoothed', func: string): void {
  const known: readonly string[] = extendedFunctions[modifier];
  if (func !== '' && !known.includes(func))
    throw new QueryError(
      `${modifier} modifier can only be used with: ${known.join(', ')} - not with ${func}`,
    );
}
