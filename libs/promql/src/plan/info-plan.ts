import { type Matcher, metricName } from '@paddlewatch/model';
import type { Expr } from '../ast.ts';
import type { Reach } from '../grid.ts';
import { children } from '../syntax/walk.ts';

/** What `info(v, {…})` selects: info metrics by name and by the data labels asked for. */
export interface InfoSelection {
  readonly matchers: readonly Matcher[];
  /** Those on data labels alone. */
  readonly data: readonly Matcher[];
}

/** `target_info` unless names are given; where names are only ruled out, all of the usual form. */
export function infoSelection(given: readonly Matcher[]): InfoSelection {
  const data = given.filter(({ name }) => name !== metricName);
  const names = given.filter(({ name }) => name === metricName);
  if (names.length === 0) names.push({ name: metricName, type: '=', value: 'target_info' });
  else if (names.every(({ type }) => type === '!=' || type === '!~'))
    names.push({ name: metricName, type: '=~', value: '.+_info' });
  return { matchers: [...names, ...data], data };
}

/** The time that the samples of an expression speak of: that of its first selector, with all shifts around it. */
export function reachOf(expr: Expr, shift: (expr: Expr) => Reach | undefined): Reach {
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
