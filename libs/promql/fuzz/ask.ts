import { type Engine, PromqlError, QueryError } from '../src/index.ts';
import type { Queryable } from '../src/queryable.ts';
import { type Answer, answerOf } from './answer.ts';

/** A query with its times, ms since the epoch. */
export type Ask = { readonly query: string } & (
  | { readonly kind: 'instant'; readonly time: number }
  | { readonly kind: 'range'; readonly start: number; readonly end: number; readonly step: number }
);

export type Times = Ask extends infer A ? (A extends Ask ? Omit<A, 'query'> : never) : never;

export async function askEngine(ask: Ask, engine: Engine, storage: Queryable): Promise<Answer> {
  try {
    const result =
      ask.kind === 'instant' ? await engine.instant(ask, storage) : await engine.range(ask, storage);
    return answerOf(result);
  } catch (error) {
    if (error instanceof PromqlError || error instanceof QueryError)
      return { type: 'error', text: error.message };
    throw new Error(`cannot answer ${JSON.stringify(ask)}`, { cause: error });
  }
}

/** The times at which the query is evaluated. */
export function timesOf(ask: Ask): number[] {
  if (ask.kind === 'instant') return [ask.time];
  const { start, end, step } = ask;
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, k) => start + k * step);
}
