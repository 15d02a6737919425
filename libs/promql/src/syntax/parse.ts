import { quoteString } from '@paddlewatch/model';
import type { Aggregation, BinaryExpr, BinaryOp, Call, Expr, VectorMatching } from '../ast.ts';
import { check } from './check.ts';
import { Cursor } from './cursor.ts';
import { parseSeconds } from './duration.ts';
import { unquote } from './literal.ts';
import { parseModifiers } from './modifier.ts';
import { parseLabels, selectorAfter } from './selector.ts';
import { signatures } from './signatures.ts';
import {
  type Aggregator,
  beginsExpression,
  isAggregator,
  isMetricName,
  type Token,
  type TokenType,
} from './token.ts';

/** How tightly operators bind; all but `^` group to the left. */
const precedence: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
/** A sign binds like a product: −a^2 is −(a^2), −a*b is (−a)*b. */
const signPrecedence = precedence['*'];
/** Longest query text, in UTF-16 units: far beyond what people and dashboards write. */
const longestQuery = 1 << 20;

const parametrised: ReadonlySet<string> = new Set<Aggregator>([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);

/** Functions whose names are words of the language as well. */
const callable: ReadonlySet<TokenType> = new Set<TokenType>([
  'identifier',
  'start',
  'end',
  'step',
  'range',
  'min_of',
  'max_of',
]);

/** The checked tree of a query. @throws PromqlError with the first fault, in Prometheus' words. */
export function parseQuery(text: string): Expr {
  const cursor = new Cursor(text);
  if (text.length > longestQuery) throw cursor.fault(0, `query is longer than ${longestQuery} characters`);
  if (cursor.peek() === 'end of input') throw cursor.fault(0, 'no expression found in input');
  const expr = parseExpression(cursor, 1);
  if (cursor.peek() !== 'end of input') cursor.unexpected();
  return check(expr, cursor);
}

function parseExpression(cursor: Cursor, floor: number): Expr {
  return cursor.deeper(() => {
    let lhs = parseSigned(cursor);
    for (;;) {
      const level = precedence[cursor.peek() as BinaryOp];
      if (level === undefined || level < floor) return lhs;
      lhs = parseBinary(cursor, lhs, level);
    }
  });
}

function parseBinary(cursor: Cursor, lhs: Expr, level: number): BinaryExpr {
  const op = cursor.take().type as BinaryOp;
  const bool = cursor.accept('bool') !== undefined;
  const matching = parseMatching(cursor);
  const rhs = parseExpression(cursor, op === '^' ? level : level + 1);
  return { kind: 'binary', op, lhs, rhs, bool, matching, from: lhs.from, to: rhs.to };
}

function parseMatching(cursor: Cursor): VectorMatching {
  let matching: VectorMatching = { card: 'one-to-one', on: false, labels: [], include: [] };
  if (cursor.peek() === 'on' || cursor.peek() === 'ignoring') {
    const on = cursor.take().type === 'on';
    matching = { ...matching, on, labels: parseLabels(cursor).labels };
    if (cursor.peek() === 'group_left' || cursor.peek() === 'group_right') {
      const card = cursor.take().type === 'group_left' ? 'many-to-one' : 'one-to-many';
      matching = { ...matching, card, include: cursor.peek() === '(' ? parseLabels(cursor).labels : [] };
    }
  }
  return { ...matching, ...parseFill(cursor) };
}

/** `fill(v)`, or `fill_left(v)` and `fill_right(v)` in either order. */
function parseFill(cursor: Cursor): Pick<VectorMatching, 'fillLeft' | 'fillRight'> {
  if (cursor.accept('fill')) {
    const value = parseFillValue(cursor);
    return { fillLeft: value, fillRight: value };
  }
  const fillLeft = cursor.accept('fill_left') && parseFillValue(cursor);
  const fillRight = cursor.accept('fill_right') && parseFillValue(cursor);
  if (fillLeft !== undefined || fillRight === undefined) return { fillLeft, fillRight };
  return { fillLeft: cursor.accept('fill_left') && parseFillValue(cursor), fillRight };
}

function parseFillValue(cursor: Cursor): number {
  cursor.expect('(');
  const sign = cursor.accept('-') ? -1 : 1;
  if (sign > 0) cursor.accept('+');
  const { value } = parseSeconds(cursor);
  cursor.expect(')');
  return sign * value;
}

function parseSigned(cursor: Cursor): Expr {
  if (cursor.peek() !== '+' && cursor.peek() !== '-') return parseModifiers(cursor, parsePrimary(cursor));
  const { type, from } = cursor.take();
  const expr = parseExpression(cursor, signPrecedence + 1);
  if (expr.kind === 'number') return { ...expr, value: type === '-' ? -expr.value : expr.value, from };
  return { kind: 'unary', op: type as '+' | '-', expr, from, to: expr.to };
}

function parsePrimary(cursor: Cursor): Expr {
  const { type } = cursor.token;
  switch (type) {
    case '(':
      return parseParen(cursor);
    case '{':
      return selectorAfter(cursor, undefined);
    case 'number':
    case 'duration':
      return { ...parseSeconds(cursor), kind: 'number' };
    case 'string': {
      const { text, from, to } = cursor.take();
      return { kind: 'string', value: unquote(text), from, to };
    }
    default:
      return isMetricName(type) ? parseNamed(cursor, cursor.take()) : cursor.unexpected();
  }
}

function parseParen(cursor: Cursor): Expr {
  const { from } = cursor.take();
  const expr = parseExpression(cursor, 1);
  return { kind: 'paren', expr, from, to: cursor.expect(')').to };
}

/** A name is an aggregation, a call or a metric by what follows it. */
function parseNamed(cursor: Cursor, name: Token): Expr {
  if (
    isAggregator(name.type) &&
    (cursor.peek() === '(' || cursor.peek() === 'by' || cursor.peek() === 'without')
  )
    return cursor.within('aggregation', '', () => parseAggregation(cursor, name));
  if (callable.has(name.type) && cursor.peek() === '(') return parseCall(cursor, name);
  return selectorAfter(cursor, name);
}

function parseCall(cursor: Cursor, name: Token): Call {
  const { args, to } = parseArguments(cursor);
  if (!signatures.has(name.text))
    throw cursor.fault(name.from, `unknown function with name ${quoteString(name.text)}`);
  return { kind: 'call', func: name.text, args, from: name.from, to };
}

function parseArguments(cursor: Cursor): { args: Expr[]; to: number } {
  cursor.expect('(');
  const args: Expr[] = [];
  while (cursor.peek() !== ')') {
    args.push(parseExpression(cursor, 1));
    const comma = cursor.accept(',');
    if (!comma && cursor.peek() !== ')') cursor.unexpected();
    // Prometheus says so of a comma before anything that no argument begins with.
    if (comma && !beginsExpression(cursor.peek()))
      throw cursor.fault(comma.from, 'trailing commas not allowed in function call args');
  }
  return { args, to: cursor.take().to };
}

function parseAggregation(cursor: Cursor, op: Token): Aggregation {
  const before = parseGrouping(cursor);
  const { args, to } = parseArguments(cursor);
  const after = before ?? parseGrouping(cursor);
  const { without, grouping } = after ?? { without: false, grouping: [] };
  const fault = (what: string) => cursor.fault(op.from, what);
  if (args.length === 0) throw fault('no arguments for aggregate expression provided');
  const wanted = parametrised.has(op.type) ? 2 : 1;
  if (args.length !== wanted)
    throw fault(
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
  return {
    kind: 'aggregation',
    op: op.type,
    expr: args[wanted - 1]!,
    param: wanted === 2 ? args[0] : undefined,
    without,
    grouping,
    from: op.from,
    to: Math.max(to, after?.to ?? 0),
  };
}

function parseGrouping(cursor: Cursor): { without: boolean; grouping: string[]; to: number } | undefined {
  if (cursor.peek() !== 'by' && cursor.peek() !== 'without') return undefined;
  const without = cursor.take().type === 'without';
  const { labels, to } = parseLabels(cursor);
  return { without, grouping: labels, to };
}
