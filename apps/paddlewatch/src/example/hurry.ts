import { formatDuration, parseDuration } from '@paddlewatch/model';
import { type Expr, parseQuery } from '@paddlewatch/promql';
import { isMap, isScalar, parseDocument, visit } from 'yaml';

/**
 * A copy of a rule file in which every `for`, `keep_firing_for` and range (`[5m]`) is divided by `factor`, so that a
 * drill takes a minute instead of a quarter of an hour. Everything else, comments too, stays as it is.
 */
export function hurryRules(text: string, factor: number): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || !isScalar(pair.value) || isMap(pair.value)) return;
      const value = String(pair.value.value);
      if (pair.key.value === 'for' || pair.key.value === 'keep_firing_for') {
        pair.value.value = divide(parseDuration(value), factor);
      } else if (pair.key.value === 'expr') {
        pair.value.value = hurryQuery(value, factor);
      }
    },
  });
  return document.toString();
}

/** Divides the ranges of a query in its text, from the last to the first, so that the places stay right. */
function hurryQuery(text: string, factor: number): string {
  const ranges = rangesOf(parseQuery(text)).sort((a, b) => b.to - a.to);
  let hurried = text;
  for (const { to, range } of ranges) {
    const from = hurried.lastIndexOf('[', to - 1);
    hurried = `${hurried.slice(0, from)}[${divide(range, factor)}${hurried.slice(hurried.indexOf(']', from))}`;
  }
  return hurried;
}

function divide(ms: number, factor: number): string {
  return formatDuration(Math.max(1000, Math.round(ms / factor)));
}

/** Every range selector: where it ends in the text, and its window in ms. */
function rangesOf(expr: Expr): { to: number; range: number }[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vector':
      return [];
    case 'matrix':
      return [{ to: expr.to, range: expr.range }];
    case 'subquery':
    case 'paren':
    case 'unary':
      return rangesOf(expr.expr);
    case 'binary':
      return [...rangesOf(expr.lhs), ...rangesOf(expr.rhs)];
    case 'call':
      return expr.args.flatMap(rangesOf);
    case 'aggregation':
      return [...rangesOf(expr.expr), ...(expr.param ? rangesOf(expr.param) : [])];
  }
}
