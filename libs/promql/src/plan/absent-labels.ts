import { type Labels, labelsFrom, metricName } from '@paddlewatch/model';
import type { Expr } from '../ast.ts';
import { withoutParens } from './planner.ts';

/** What `absent(x{a="b"})` knows of the missing series: labels that one equality names, and nothing else names. */
export function absentLabels(expr: Expr): Labels {
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
