import { compileMatcher, type Matcher, metricName, quoteString } from '@paddlewatch/model';
import type {
  Aggregation,
  BinaryExpr,
  Call,
  Expr,
  ValueType,
  VectorMatching,
  VectorSelector,
} from '../ast.ts';
import { type Cursor, highestTree, tooHigh } from './cursor.ts';
import { signatures } from './signatures.ts';
import { typeName, valueType } from './types.ts';
import { children, treeHeight } from './walk.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<=', '<', '>=', '>']);
const setOperators: ReadonlySet<string> = new Set(['and', 'or', 'unless']);
const scalarParameter: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'quantile',
  'limitk',
  'limit_ratio',
]);

/** Checks types and the rules of a parsed tree, innermost and leftmost first. Matching stays only between vectors. */
export function check(root: Expr, cursor: Cursor): Expr {
  if (treeHeight(root, children) > highestTree) throw cursor.fault(root.from, tooHigh);
  return new Checker(cursor).check(root);
}

class Checker {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  check(expr: Expr): Expr {
    switch (expr.kind) {
      case 'number':
      case 'string':
        return expr;
      case 'vector':
        return this.#selector(expr);
      case 'matrix':
        return { ...expr, selector: this.#selector(expr.selector) };
      case 'paren':
        return { ...expr, expr: this.check(expr.expr) };
      case 'unary': {
        const inner = this.check(expr.expr);
        const type = valueType(inner);
        if (type !== 'scalar' && type !== 'vector')
          this.#refuse(
            expr,
            `unary expression only allowed on expressions of type scalar or instant vector, got ${quoteString(typeName(type))}`,
          );
        return { ...expr, expr: inner };
      }
      case 'subquery': {
        const inner = this.check(expr.expr);
        if (valueType(inner) !== 'vector')
          this.#refuse(expr, `subquery is only allowed on instant vector, got ${valueType(inner)} instead`);
        return { ...expr, expr: inner };
      }
      case 'binary':
        return this.#binary(expr);
      case 'call':
        return this.#call(expr);
      case 'aggregation':
        return this.#aggregation(expr);
    }
  }

  #selector(selector: VectorSelector, mayBeEmpty = false): VectorSelector {
    if (selector.name !== '') {
      const again = selector.matchers.slice(0, -1).find((matcher) => matcher.name === metricName);
      if (again)
        this.#refuse(
          selector,
          `metric name must not be set twice: ${quoteString(selector.name)} or ${quoteString(again.value)}`,
        );
    } else if (!mayBeEmpty && selector.matchers.every(acceptsEmpty)) {
      this.#refuse(selector, 'vector selector must contain at least one non-empty matcher');
    }
    return selector;
  }

  #aggregation(expr: Aggregation): Aggregation {
    const inner = this.#expect(expr.expr, 'vector', 'aggregation expression');
    if (!expr.param) return { ...expr, expr: inner };
    const wanted = scalarParameter.has(expr.op) ? 'scalar' : 'string';
    return { ...expr, expr: inner, param: this.#expect(expr.param, wanted, 'aggregation parameter') };
  }

  #expect(expr: Expr, wanted: ValueType, place: string): Expr {
    const checked = this.check(expr);
    const type = valueType(checked);
    if (type !== wanted)
      this.#refuse(expr, `expected type ${typeName(wanted)} in ${place}, got ${typeName(type)}`);
    return checked;
  }

  #binary(expr: BinaryExpr): BinaryExpr {
    const lhs = this.check(expr.lhs);
    const rhs = this.check(expr.rhs);
    const types = [valueType(lhs), valueType(rhs)];
    this.#comparison(expr, types);
    const matching = expr.matching!;
    for (const label of matching.on ? matching.labels : [])
      if (matching.include.includes(label))
        this.#refuseOperator(
          expr,
          `label ${quoteString(label)} must not occur in ON and GROUP clause at once`,
        );
    for (const side of [lhs, rhs])
      if (valueType(side) !== 'scalar' && valueType(side) !== 'vector')
        this.#refuse(side, 'binary expression must contain only scalar and instant vector types');
    const vectors = types[0] === 'vector' && types[1] === 'vector';
    if (!vectors) this.#noMatching(expr, matching);
    return { ...expr, lhs, rhs, matching: vectors ? this.#matching(expr, matching) : undefined };
  }

  #comparison(expr: BinaryExpr, types: readonly ValueType[]): void {
    const comparison = comparisons.has(expr.op);
    if (expr.bool && !comparison)
      this.#refuseOperator(expr, 'bool modifier can only be used on comparison operators');
    if (comparison && !expr.bool && types.every((type) => type === 'scalar'))
      this.#refuseOperator(expr, 'comparisons between scalars must use BOOL modifier');
  }

  #noMatching(expr: BinaryExpr, matching: VectorMatching): void {
    if (matching.labels.length > 0)
      this.#refuse(expr, 'vector matching only allowed between instant vectors');
    if (fills(matching)) this.#refuse(expr, 'filling in missing series only allowed between instant vectors');
    if (setOperators.has(expr.op))
      this.#refuse(expr, `set operator ${quoteString(expr.op)} not allowed in binary scalar expression`);
  }

  #matching(expr: BinaryExpr, matching: VectorMatching): VectorMatching {
    if (!setOperators.has(expr.op)) return matching;
    if (matching.card !== 'one-to-one')
      this.#refuse(expr, `no grouping allowed for ${quoteString(expr.op)} operation`);
    if (fills(matching)) this.#refuse(expr, 'filling in missing series not allowed for set operators');
    return { ...matching, card: 'many-to-many' };
  }

  #call(expr: Call): Call {
    const { args: wanted, variadic } = signatures.get(expr.func)!;
    this.#count(expr, wanted.length, variadic);
    if (expr.func === 'info' && expr.args.length > 1) this.#infoSelector(expr);
    const args = expr.args.map((arg, i) => {
      if (expr.func === 'info' && i === 1 && arg.kind === 'vector') return this.#selector(arg, true);
      const type = wanted[Math.min(i, wanted.length - 1)]!;
      return this.#expect(arg, type, `call to function ${quoteString(expr.func)}`);
    });
    return { ...expr, args };
  }

  #count(expr: Call, wanted: number, variadic: number): void {
    const got = expr.args.length;
    const least = variadic === 0 ? wanted : wanted - 1;
    const most = variadic < 0 ? Infinity : least + variadic;
    if (got >= least && got <= most) return;
    const bound = variadic === 0 ? '' : got < least ? 'at least ' : 'at most ';
    const limit = got < least ? least : most;
    this.#refuse(
      expr,
      `expected ${bound}${limit} argument(s) in call to ${quoteString(expr.func)}, got ${got}`,
    );
  }

  /** The second argument of info() chooses labels: a selector without a name, which may even be empty. */
  #infoSelector(expr: Call): void {
    const selector = expr.args[1]!;
    const type = valueType(selector);
    if (type !== 'vector')
      this.#refuse(expr, `expected type instant vector in call to function "info", got ${typeName(type)}`);
    if (selector.kind !== 'vector') this.#refuse(selector, 'expected label selectors only');
    if (selector.kind === 'vector' && selector.name !== '')
      this.#refuse(selector, 'expected label selectors only, got vector selector instead');
  }

  #refuse(expr: Expr, what: string): never {
    throw this.#cursor.fault(expr.from, what);
  }

  #refuseOperator({ lhs }: BinaryExpr, what: string): never {
    const gap = /[ \t\r\n]*/y;
    gap.lastIndex = lhs.to;
    throw this.#cursor.fault(lhs.to + gap.exec(this.#cursor.text)![0].length, what);
  }
}

function acceptsEmpty(matcher: Matcher): boolean {
  return compileMatcher(matcher)('');
}

function fills({ fillLeft, fillRight }: VectorMatching): boolean {
  return fillLeft !== undefined || fillRight !== undefined;
}
