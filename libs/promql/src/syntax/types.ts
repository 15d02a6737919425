import type { Expr, ValueType } from '../ast.ts';
import { signatures } from './signatures.ts';

const known = new WeakMap<Expr, ValueType>();

/** What an expression yields. Remembered by node, so that asking at every level of a tree stays linear. */
export function valueType(expr: Expr): ValueType {
  const remembered = known.get(expr);
  if (remembered !== undefined) return remembered;
  const type = derive(expr);
  known.set(expr, type);
  return type;
}

function derive(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector':
    case 'aggregation':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
      return valueType(expr.expr);
    case 'binary':
      return valueType(expr.lhs) === 'scalar' && valueType(expr.rhs) === 'scalar' ? 'scalar' : 'vector';
    case 'call':
      return signatures.get(expr.func)!.returns;
  }
}

/** The name of a type in messages. */
export function typeName(type: ValueType): string {
  return type === 'vector' ? 'instant vector' : type === 'matrix' ? 'range vector' : type;
}
