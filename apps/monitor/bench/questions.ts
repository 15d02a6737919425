import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseQuery } from '@paddlewatch/promql';
import type { Job } from '../src/query/job.ts';

export interface Question {
  readonly id: string;
  readonly job: Job;
}

interface BenchQuery {
  readonly id: string;
  /** i: instant; r15, r60: range at that step; api: a path. */
  readonly kind: string;
  readonly expr: string;
}

/** The queries of the side-by-side run over blocks of so many hours; `only` names some of them, with commas between. */
export async function questionsOf(hours: number, only: string): Promise<Question[]> {
  const shared = (file: string) => import(pathToFileURL(path.resolve('../shared/bench', file)).href);
  const { QUERIES } = (await shared('queries.mjs')) as { QUERIES: readonly BenchQuery[] };
  const { T0 } = (await shared('fleet.mjs')) as { T0: number };
  const start = (T0 + 300) * 1000;
  const end = (T0 + hours * 3600 - 60) * 1000;
  const wanted = only.split(',').filter((id) => id !== '');
  return QUERIES.filter(({ id }) => wanted.length === 0 || wanted.includes(id)).map((query) => ({
    id: query.id,
    job: jobOf(query, start, end),
  }));
}

function jobOf({ kind, expr }: BenchQuery, start: number, end: number): Job {
  if (kind === 'i') return { kind: 'instant', query: expr, time: end, limit: 0 };
  if (kind !== 'api')
    return { kind: 'range', query: expr, start, end, step: 1000 * Number(kind.slice(1)), limit: 0 };
  const [, name] = /label\/(\w+)\/values/.exec(expr) ?? [];
  const common = { mint: start, maxt: end, limit: 0 };
  if (name !== undefined) return { kind: 'values', name, selectors: [], ...common };
  const selector = parseQuery(expr.slice(expr.indexOf('=') + 1));
  if (selector.kind !== 'vector') throw new TypeError(`cannot measure ${expr}: it is no selector`);
  return { kind: 'series', selectors: [selector.matchers], ...common };
}
