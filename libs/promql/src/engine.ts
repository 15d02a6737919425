import type { Expr } from './ast.ts';
import { Budget } from './budget.ts';
import { instantGrid, rangeGrid } from './grid.ts';
import { assist, type Contribution, type Partner, type Piecework } from './piecework.ts';
import { planQuery } from './plan/plan-query.ts';
import { QueryError } from './query-error.ts';
import type { Queryable } from './queryable.ts';
import type { QueryResult } from './result.ts';
import { type QueryRun, runQuery } from './run-query.ts';
import { parseQuery } from './syntax/parse.ts';
import { typeName, valueType } from './syntax/types.ts';

export interface EngineOptions {
  /** How far back an instant selector looks for a sample, ms. Default 5 minutes. */
  readonly lookbackDelta?: number;
  /** Most samples a query may hold in memory. Default 50 million. */
  readonly maxSamples?: number;
  /** Longest time a query may compute, ms. Default 2 minutes. */
  readonly timeout?: number;
  /** Resolution of a subquery that names none, ms. Default 1 minute. */
  readonly subqueryStep?: number;
  /** Drop metric names when the query ends instead of at each function, as Prometheus' feature of that name does. */
  readonly delayedNameRemoval?: boolean;
  /** A clock in ms; only differences matter. */
  readonly now?: () => number;
}

interface QuerySettings {
  readonly query: string;
  /** Override those of the engine, ms. */
  readonly lookbackDelta?: number;
  readonly timeout?: number;
  /** An AbortSignal, or any flag that can be asked: a busy thread sees shared memory, not events. */
  readonly signal?: { readonly aborted: boolean };
  /** Takes part in heavy aggregations, by `assist` of an engine over the same storage. */
  readonly partner?: Partner;
}

export interface InstantQuery extends QuerySettings {
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Evaluates at start, start + step, … up to end. Times in ms since the epoch, step in ms. */
export interface RangeQuery extends QuerySettings {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface Engine {
  /** @throws PromqlError for a faulty text, QueryError for a query that cannot be answered. */
  instant(query: InstantQuery, storage: Queryable): Promise<QueryResult>;
  /** Gives a matrix, its series ordered by labels. @throws as `instant` does. */
  range(query: RangeQuery, storage: Queryable): Promise<QueryResult>;
  /** Takes part in another engine's query. @throws QueryError where that query has to fail. */
  assist(work: Piecework, storage: Queryable, options?: Assistance): Promise<Contribution>;
}

export interface Assistance {
  /** The signal of the query. */
  readonly signal?: { readonly aborted: boolean };
  /** Asked after each piece: whether there is something more urgent to do. What is left then, the other does. */
  readonly leave?: () => boolean;
}

/** Texts whose trees are kept: dashboards and rules ask the same again and again. */
const keptTrees = 1000;

export function createEngine(options: EngineOptions = {}): Engine {
  const lookback = options.lookbackDelta ?? 300_000;
  const subqueryStep = options.subqueryStep ?? 60_000;
  const now = options.now ?? (() => performance.now());
  const nameRemoval = options.delayedNameRemoval ? 'delayed' : 'now';
  const trees = new Map<string, Expr>();

  function parse(query: string): Expr {
    let tree = trees.get(query);
    if (!tree) {
      tree = parseQuery(query);
      if (trees.size >= keptTrees) trees.delete(trees.keys().next().value!);
      trees.set(query, tree);
    }
    return tree;
  }

  function budgetOf({ timeout, signal }: QuerySettings): Budget {
    const deadline = now() + (timeout ?? options.timeout ?? 120_000);
    return new Budget({ maxSamples: options.maxSamples ?? 50_000_000, deadline, now, signal });
  }

  function runOf(kind: QueryRun['kind'], query: QuerySettings): QueryRun {
    return { kind, text: query.query, nameRemoval, budget: budgetOf(query), partner: query.partner };
  }

  return {
    async instant(query, storage) {
      const { time } = query;
      const tree = parse(query.query);
      const settings = {
        times: { start: time, end: time, step: 0 },
        lookback: query.lookbackDelta ?? lookback,
        subqueryStep,
      };
      const plan = planQuery(tree, instantGrid(time), settings);
      return runQuery(plan, runOf('instant', query), storage);
    },

    async range(query, storage) {
      const { start, end, step } = query;
      if (!(step > 0)) throw new QueryError('zero or negative query resolution step widths are not accepted');
      const tree = parse(query.query);
      const type = valueType(tree);
      if (type !== 'scalar' && type !== 'vector')
        throw new QueryError(
          `invalid expression type "${typeName(type)}" for range query, must be Scalar or instant Vector`,
        );
      const settings = {
        times: { start, end, step },
        lookback: query.lookbackDelta ?? lookback,
        subqueryStep,
      };
      const plan = planQuery(tree, rangeGrid(start, end, step), settings);
      return runQuery(plan, runOf('range', query), storage);
    },

    assist(work, storage, { signal, leave = () => false } = {}) {
      return assist(work, storage, { now, signal }, leave);
    },
  };
}
