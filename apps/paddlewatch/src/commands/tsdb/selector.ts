import type { Matcher } from '@paddlewatch/model';
import { parseQuery } from '@paddlewatch/promql';

/** The matchers of an instant selector. */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = parseQuery(text);
  if (expr.kind !== 'vector' || expr.offset !== 0 || expr.at !== undefined)
    throw new Error(`cannot select by ${text}: it is not a selector`);
  return expr.matchers;
}
