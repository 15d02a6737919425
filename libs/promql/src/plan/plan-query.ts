import { type Labels, labelsFrom, type Matcher, metricName } from '@paddlewatch/model';
import type {
  Aggregation,
  BinaryExpr,
  Call,
  Expr,
  Subquery,
  VectorMatching,
  VectorSelector,
} from '../ast.ts';
import { mapFunctions } from '../functions/float/table.ts';
import { nameKeeping, rangeFunctions } from '../functions/range/table.ts';
import { type Grid, gridEnd, type Reach } from '../grid.ts';
import { QueryError } from '../query-error.ts';
import { durationMs, type QueryTimes } from './durations.ts';
import { infoSelection, reachOf } from './info-plan.ts';
import {
  isScalarPlan,
  type Plan,
  type RangePlan,
  type ScalarPlan,
  type ScanPlan,
  type SelectPlan,
  type StringPlan,
  type VectorPlan,
  type WindowPlan,
} from './plan.ts';

export interface PlanSettings {
  readonly times: QueryTimes;
  /** How far back an instant selector looks, ms. */
  readonly lookback: number;
  /** Resolution of a subquery that names none, ms. */
  readonly subqueryStep: number;
}

/** The plan of a checked expression on a grid. */
export function planQuery(expr: Expr, grid: Grid, settings: PlanSettings): Plan {
  return new Planner(grid, settings).plan(expr);
}

/** Functions for which a histogram's count and sum are all that matters. */
const withoutBuckets: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_avg']);

class Planner {
  readonly #grid: Grid;
  readonly #settings: PlanSettings;
  /** Inside a function that wants no buckets, and in no binary expression or subquery there. */
  readonly #exactHints: boolean;

  constructor(grid: Grid, settings: PlanSettings, exactHints = false) {
    this.#grid = grid;
    this.#settings = settings;
    this.#exactHints = exactHints;
  }

  plan(expr: Expr): Plan {
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    switch (expr.kind) {
      case 'number':
        return { ...node, kind: 'number', value: expr.value };
      case 'string':
        return { ...node, kind: 'string', value: expr.value };
      case 'paren':
        return this.plan(expr.expr);
      case 'vector':
        return this.#select(expr, 'value');
      case 'matrix':
      case 'subquery':
        return { ...node, kind: 'raw', ...this.#range(expr, '') };
      case 'unary':
        return this.#unary(expr.op, expr.expr, node);
      case 'binary':
        return this.#binary(expr);
      case 'call':
        return this.#call(expr);
      case 'aggregation':
        return this.#aggregate(expr);
    }
  }

  #vector(expr: Expr): VectorPlan {
    return asVector(this.plan(expr));
  }

  #scalar(expr: Expr): ScalarPlan {
    const plan = this.plan(expr);
    if (!isScalarPlan(plan))
      throw new QueryError(`cannot plan the query: a scalar is wanted where a ${plan.kind} stands`);
    return plan;
  }

  #string(expr: Expr): string {
    const plan = this.plan(expr);
    if (plan.kind !== 'string')
      throw new QueryError(`cannot plan the query: a string is wanted where a ${plan.kind} stands`);
    return plan.value;
  }

  #select(selector: VectorSelector, yields: SelectPlan['yields']): VectorPlan {
    const reach = this.#reach(selector);
    const { lookback } = this.#settings;
    const { smoothed } = selector;
    return {
      kind: 'select',
      from: selector.from,
      to: selector.to,
      grid: this.#grid,
      scan: this.#scan(
        selector.matchers,
        reach,
        lookback,
        smoothed ? lookback : 0,
        yields === 'value' ? '' : yields,
      ),
      reach,
      lookback,
      smoothed,
      yields,
    };
  }

  #range(expr: Expr, func: string): { over: RangePlan; range: number; reach: Reach } {
    if (expr.kind === 'paren') return this.#range(expr.expr, func);
    if (expr.kind === 'subquery') return this.#subquery(expr);
    if (expr.kind !== 'matrix')
      throw new QueryError(`cannot plan the query: a range is wanted where a ${expr.kind} stands`);
    const { selector } = expr;
    const { anchored, smoothed } = selector;
    const range = expr.rangeExpr ? durationMs(expr.rangeExpr, this.#settings.times, false) : expr.range;
    const reach = this.#reach(selector);
    const extra = anchored || smoothed ? this.#settings.lookback : 0;
    const scan = this.#scan(selector.matchers, reach, range + extra, smoothed ? extra : 0, func, range);
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    const extended = smoothed ? 'smoothed' : anchored ? 'anchored' : undefined;
    if (extended) checkExtended(extended, func);
    return { over: { ...node, kind: 'samples', scan, extended }, range, reach };
  }

  #scan(
    matchers: readonly Matcher[],
    reach: Reach,
    before: number,
    after: number,
    func: string,
    range = 0,
  ): ScanPlan {
    const [first, last] = this.#references(reach);
    const step = this.#settings.times.step;
    const times = { mint: first - before + 1, maxt: last + after, step };
    return { matchers, ...times, func, range, exactHints: this.#exactHints };
  }

  /** The first and the last reference time of the grid. */
  #references({ at, offset }: Reach): [number, number] {
    return [(at ?? this.#grid.start) - offset, (at ?? gridEnd(this.#grid)) - offset];
  }

  #reach(shifted: VectorSelector | Subquery): Reach {
    const { start, end } = this.#settings.times;
    const offset = shifted.offsetExpr
      ? durationMs(shifted.offsetExpr, this.#settings.times, true)
      : shifted.offset;
    const at = shifted.at === 'start' ? start : shifted.at === 'end' ? end : shifted.at;
    return at === undefined ? { offset } : { offset, at };
  }

  #subquery(expr: Subquery): { over: RangePlan; range: number; reach: Reach } {
    const { times, subqueryStep } = this.#settings;
    const range = expr.rangeExpr ? durationMs(expr.rangeExpr, times, false) : expr.range;
    const written = expr.stepExpr ? durationMs(expr.stepExpr, times, false) : expr.step;
    const step = written === 0 ? subqueryStep : written;
    const reach = this.#reach(expr);
    const [first, last] = this.#references(reach);
    // Aligned to multiples of the step, so that a moving query sees the same inner points; left-open.
    const start = (Math.floor((first - range) / step) + 1) * step;
    const grid = { start, step, count: Math.max(0, Math.floor((last - start) / step) + 1) };
    const inner = new Planner(grid, this.#settings).#vector(expr.expr);
    return {
      over: { kind: 'subquery', from: expr.from, to: expr.to, grid: this.#grid, inner },
      range,
      reach,
    };
  }

  #unary(op: '+' | '-', expr: Expr, node: { from: number; to: number; grid: Grid }): Plan {
    const inner = this.plan(expr);
    if (op === '+') return inner;
    if (isScalarPlan(inner)) {
      const zero: ScalarPlan = { ...node, kind: 'number', value: -1 };
      return { ...node, kind: 'scalar-arithmetic', op: '*', lhs: inner, rhs: zero };
    }
    return { ...node, kind: 'map', func: 'negate', vector: asVector(inner), args: [] };
  }

  #binary(expr: BinaryExpr): Plan {
    if (this.#exactHints) return new Planner(this.#grid, this.#settings).#binary(expr);
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    const { op, bool } = expr;
    const lhs = this.plan(expr.lhs);
    const rhs = this.plan(expr.rhs);
    const left = isScalarPlan(lhs);
    const right = isScalarPlan(rhs);
    if (left && right) return { ...node, kind: 'scalar-arithmetic', op, lhs, rhs };
    if (right)
      return { ...node, kind: 'vector-scalar', op, vector: asVector(lhs), scalar: rhs, swapped: false, bool };
    if (left)
      return { ...node, kind: 'vector-scalar', op, vector: asVector(rhs), scalar: lhs, swapped: true, bool };
    const matching = expr.matching ?? matchAll;
    const sides = { lhs: asVector(lhs), rhs: asVector(rhs) };
    if (op === 'and' || op === 'unless') return { ...node, kind: 'restrict', op, ...sides, matching };
    if (op === 'or') return { ...node, kind: 'union', parts: [sides.lhs, sides.rhs], matching };
    return { ...node, kind: 'vector-vector', op, ...sides, bool, matching };
  }

  #aggregate(expr: Aggregation): VectorPlan {
    const { from, to, op, without, grouping } = expr;
    const param = expr.param && this.plan(expr.param);
    if (param && !isScalarPlan(param) && param.kind !== 'string')
      throw new QueryError(`cannot plan the query: the parameter of ${op} is a ${param.kind}`);
    const known: ScalarPlan | StringPlan | undefined = param;
    const vector = this.#vector(expr.expr);
    return { kind: 'aggregate', from, to, grid: this.#grid, op, vector, param: known, without, grouping };
  }

  #call(expr: Call): Plan {
    const { func, args } = expr;
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    if (func === 'timestamp' || func === 'start_timestamp') return this.#timestamp(expr, func);
    if (rangeFunctions.has(func)) return this.#window(expr);
    if (mapFunctions.has(func)) return this.#map(expr);
    switch (func) {
      case 'time':
        return { ...node, kind: 'time' };
      case 'pi':
      case 'start':
      case 'end':
      case 'step':
      case 'range':
        return { ...node, kind: 'number', value: this.#constant(func) };
      case 'min_of':
      case 'max_of': {
        const op = func === 'min_of' ? 'min' : 'max';
        const [lhs, rhs] = [this.#scalar(args[0]!), this.#scalar(args[1]!)];
        return { ...node, kind: 'scalar-arithmetic', op, lhs, rhs };
      }
      case 'scalar':
        return { ...node, kind: 'scalar-of', vector: this.#vector(args[0]!) };
      case 'vector':
        return { ...node, kind: 'vector-of', scalar: this.#scalar(args[0]!) };
      case 'absent':
        return { ...node, kind: 'absent', vector: this.#vector(args[0]!), labels: absentLabels(args[0]!) };
      case 'absent_over_time': {
        // Nobody sees the names here, so that series may well differ in them alone.
        const present = this.#window({ ...expr, func: 'present_over_time' });
        const vector = { ...present, keepsName: true };
        return { ...node, kind: 'absent', vector, labels: absentLabels(args[0]!) };
      }
      case 'label_replace':
      case 'label_join': {
        const strings = args.slice(1).map((arg) => this.#string(arg));
        return { ...node, kind: 'relabel', func, vector: this.#vector(args[0]!), strings };
      }
      case 'sort':
      case 'sort_desc':
      case 'sort_by_label':
      case 'sort_by_label_desc': {
        const names = args.slice(1).map((arg) => this.#string(arg));
        return { ...node, kind: 'sort', func, vector: this.#vector(args[0]!), names };
      }
    }
    if (func === 'info') return this.#info(expr);
    if (func.startsWith('histogram_')) return this.#buckets(expr);
    throw new QueryError(`function ${func} is not there yet`);
  }

  #window(expr: Call): WindowPlan {
    const { from, to, func } = expr;
    const at = expr.args.findIndex((arg) => isRange(arg));
    const args = expr.args.filter((_, i) => i !== at).map((arg) => this.#scalar(arg));
    const { lookback } = this.#settings;
    const over = this.#range(expr.args[at]!, func);
    const keepsName = nameKeeping.has(func);
    return { kind: 'window', from, to, grid: this.#grid, func, args, lookback, keepsName, ...over };
  }

  /** A function over each value; those of the calendar speak of now where no vector is given. */
  #map(expr: Call): VectorPlan {
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    const [first, ...rest] = expr.args;
    const now: VectorPlan = { ...node, kind: 'vector-of', scalar: { ...node, kind: 'time' } };
    const vector = first ? this.#vector(first) : now;
    return { ...node, kind: 'map', func: expr.func, vector, args: rest.map((arg) => this.#scalar(arg)) };
  }

  #timestamp(expr: Call, func: 'timestamp' | 'start_timestamp'): VectorPlan {
    const inner = withoutParens(expr.args[0]!);
    if (inner.kind === 'vector') return this.#select(inner, func);
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    return { ...node, kind: 'map', func, vector: this.#vector(inner), args: [] };
  }

  #buckets(expr: Call): VectorPlan {
    const exactHints = withoutBuckets.has(expr.func);
    if (exactHints !== this.#exactHints)
      return new Planner(this.#grid, this.#settings, exactHints).#buckets(expr);
    const node = { from: expr.from, to: expr.to, grid: this.#grid };
    const scalars: ScalarPlan[] = [];
    let vector: VectorPlan | undefined;
    let label: string | undefined;
    for (const arg of expr.args) {
      const plan = this.plan(arg);
      if (isScalarPlan(plan)) scalars.push(plan);
      else if (plan.kind === 'string') label = plan.value;
      else vector = asVector(plan);
    }
    if (!vector) throw new QueryError(`cannot plan the query: ${expr.func} has no vector`);
    return { ...node, kind: 'buckets', func: expr.func, vector, args: scalars, label };
  }

  #info(expr: Call): VectorPlan {
    const { from, to, args } = expr;
    const given = args[1] && withoutParens(args[1]);
    const { matchers, data } = infoSelection(given?.kind === 'vector' ? given.matchers : []);
    const reach = reachOf(args[0]!, (inner) =>
      inner.kind === 'vector' || inner.kind === 'subquery' ? this.#reach(inner) : undefined,
    );
    const { lookback } = this.#settings;
    const node = { from, to, grid: this.#grid };
    const scan = this.#scan(matchers, reach, lookback, 0, 'info');
    const info: SelectPlan = {
      ...node,
      kind: 'select',
      scan,
      reach,
      lookback,
      smoothed: false,
      yields: 'value',
    };
    return { ...node, kind: 'info', vector: this.#vector(args[0]!), info, matchers: data };
  }

  #constant(func: 'pi' | 'start' | 'end' | 'step' | 'range'): number {
    const { start, end, step } = this.#settings.times;
    const values = {
      pi: Math.PI,
      start: start / 1000,
      end: end / 1000,
      step: step / 1000,
      range: (end - start) / 1000,
    };
    return values[func];
  }
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

function asVector(plan: Plan): VectorPlan {
  if (isScalarPlan(plan) || plan.kind === 'string' || plan.kind === 'raw')
    throw new QueryError(`cannot plan the query: a vector is wanted where a ${plan.kind} stands`);
  return plan;
}

const matchAll: VectorMatching = { card: 'one-to-one', on: false, labels: [], include: [] };

function withoutParens(expr: Expr): Expr {
  return expr.kind === 'paren' ? withoutParens(expr.expr) : expr;
}

function isRange(expr: Expr): boolean {
  const inner = withoutParens(expr);
  return inner.kind === 'matrix' || inner.kind === 'subquery';
}

/** What `absent(x{a="b"})` knows of the missing series: labels that one equality names, and nothing else names. */
function absentLabels(expr: Expr): Labels {
  const inner = withoutParens(expr);
  const selector = inner.kind === 'matrix' ? inner.selector : inner;
  if (selector.kind !== 'vector') return [];
  const known: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { name, type, value } of selector.matchers) {
    if (name === metricName) continue;
    if (type === '=' && !seen.has(name)) {
      known[name] = value;
      seen.add(name);
    } else delete known[name];
  }
  return labelsFrom(known);
}
