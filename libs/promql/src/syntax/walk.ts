import type { DurationExpr, Expr, VectorSelector } from '../ast.ts';

/** The expressions directly inside one, in evaluation order. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vector':
      return [];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'paren':
    case 'unary':
      return [expr.expr];
    case 'binary':
      return [expr.lhs, expr.rhs];
    case 'call':
      return expr.args;
    case 'aggregation':
      return expr.param ? [expr.param, expr.expr] : [expr.expr];
  }
}

/** All selectors of an expression, those of ranges too, from the left. */
export function selectorsOf(expr: Expr): readonly VectorSelector[] {
  return expr.kind === 'vector' ? [expr] : children(expr).flatMap(selectorsOf);
}

/** The durations directly inside one. */
export function durationChildren(expr: DurationExpr): readonly DurationExpr[] {
  switch (expr.kind) {
    case 'seconds':
    case 'step':
    case 'range':
      return [];
    case 'negate':
    case 'plus':
    case 'group':
      return [expr.expr];
    case 'min':
    case 'max':
    case 'arithmetic':
      return [expr.lhs, expr.rhs];
  }
}

/** Levels of a tree. Walks without recursion: it is asked before anything recurses. */
export function treeHeight<Node>(root: Node, inside: (node: Node) => readonly Node[]): number {
  let height = 0;
  for (let level: Node[] = [root]; level.length > 0; height++) level = level.flatMap(inside);
  return height;
}
