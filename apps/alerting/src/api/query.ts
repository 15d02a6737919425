import { compileRegexp } from '@paddlewatch/model';
import { type LabelMatcher, labelMatcher } from '../matchers/label-matcher.ts';
import { parseMatchers } from '../matchers/parse.ts';
import { badRequest } from './api-error.ts';

/** Parameters of a request as fastify gives them. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export function flag(query: Query, name: string, byDefault: boolean): boolean {
  const text = one(query, name);
  if (text === undefined || text === '') return byDefault;
  if (/^(true|1|t)$/i.test(text)) return true;
  if (/^(false|0|f)$/i.test(text)) return false;
  throw badRequest(`parsing ${name} query from "${text}" failed: write true or false`);
}

export function one(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : value?.at(-1);
}

/** Matchers of a parameter that may be repeated; all must fit. */
export function matcherList(query: Query, name: string): LabelMatcher[] {
  const value = query[name] ?? [];
  try {
    return (typeof value === 'string' ? [value] : value).flatMap((text) =>
      parseMatchers(text).map(labelMatcher),
    );
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

/** The anchored pattern of `receiver`, as a test. */
export function receiverTest(query: Query): (name: string) => boolean {
  const pattern = one(query, 'receiver');
  if (pattern === undefined || pattern === '') return () => true;
  try {
    return compileRegexp(pattern).test;
  } catch (error) {
    throw badRequest(`failed to parse receiver param: ${(error as Error).message}`);
  }
}
