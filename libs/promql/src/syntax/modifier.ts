import { formatValue } from '@paddlewatch/model';
import type { DurationExpr, Expr, MatrixSelector, Subquery, TimeShift, VectorSelector } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { durationHint, parseOffset, parseRange, parseSeconds } from './duration.ts';

type Selecting = VectorSelector | MatrixSelector | Subquery;

/** What may follow an expression: ranges, `offset`, `@`, `anchored` and `smoothed`, in any order and number. */
export function parseModifiers(cursor: Cursor, expr: Expr): Expr {
  let modified = expr;
  for (;;) {
    const type = cursor.peek();
    switch (type) {
      case '[':
        modified = parseBracket(cursor, modified);
        break;
      case 'offset':
        modified = parseShift(cursor, modified);
        break;
      case '@':
        modified = parseAt(cursor, modified);
        break;
      case 'anchored':
      case 'smoothed':
        modified = parseExtended(cursor, modified, type);
        break;
      default:
        return modified;
    }
  }
}

function parseBracket(cursor: Cursor, expr: Expr): MatrixSelector | Subquery {
  const { from } = cursor.take();
  const range = cursor.within('subquery or range selector', durationHint, () => parseRange(cursor));
  if (cursor.accept(':')) return parseSubquery(cursor, expr, range);
  if (cursor.peek() !== ']') cursor.unexpected('subquery or range', '":" or "]"');
  const { to } = cursor.take();
  if (expr.kind !== 'vector') throw cursor.fault(from, 'ranges only allowed for vector selectors');
  if (expr.offset !== 0) throw cursor.fault(from, 'no offset modifiers allowed before range');
  if (typeof expr.at === 'number') throw cursor.fault(from, 'no @ modifiers allowed before range');
  return { kind: 'matrix', selector: expr, ...rangeOf(range), from: expr.from, to };
}

function parseSubquery(cursor: Cursor, expr: Expr, range: DurationExpr): Subquery {
  const step =
    cursor.peek() === ']'
      ? undefined
      : cursor.within('subquery selector', `number, duration, step(), range(), or "]"`, () =>
          parseRange(cursor),
        );
  if (cursor.peek() !== ']') cursor.unexpected('subquery selector', '"]"');
  return {
    kind: 'subquery',
    expr,
    ...rangeOf(range),
    step: step?.kind === 'seconds' ? toMs(step.value) : 0,
    stepExpr: step?.kind === 'seconds' ? undefined : step,
    offset: 0,
    from: expr.from,
    to: cursor.take().to,
  };
}

function rangeOf(range: DurationExpr): Pick<MatrixSelector, 'range' | 'rangeExpr'> {
  return range.kind === 'seconds' ? { range: toMs(range.value) } : { range: 0, rangeExpr: range };
}

function parseShift(cursor: Cursor, expr: Expr): Selecting {
  cursor.take();
  const offset = cursor.within('offset', durationHint, () => parseOffset(cursor));
  const selecting = selectingOf(cursor, expr, 'offset modifier');
  const before = shiftOf(selecting);
  if (before.offset !== 0 || before.offsetExpr)
    throw cursor.fault(expr.from, 'offset may not be set multiple times');
  const shift =
    offset.kind === 'seconds' ? { offset: toMs(offset.value) } : { offset: 0, offsetExpr: offset };
  return shifted(selecting, shift, cursor.end);
}

function parseAt(cursor: Cursor, expr: Expr): Selecting {
  cursor.take();
  const { at, to } = cursor.within('@', 'timestamp', () => parseTime(cursor));
  if (typeof at === 'number' && !(Math.abs(at) < 2 ** 63))
    throw cursor.fault(expr.from, `timestamp out of bounds for @ modifier: ${fixed(at)}`);
  const selecting = selectingOf(cursor, expr, '@ modifier');
  if (shiftOf(selecting).at !== undefined)
    throw cursor.fault(expr.from, '@ <timestamp> may not be set multiple times');
  return shifted(selecting, { at: typeof at === 'number' ? Math.round(at * 1000) : at }, to);
}

/** Seconds since the epoch, `start()` or `end()`. */
function parseTime(cursor: Cursor): { at: number | 'start' | 'end'; to: number } {
  if (cursor.peek() === 'start' || cursor.peek() === 'end') {
    const at = cursor.take().type as 'start' | 'end';
    cursor.expect('(');
    return { at, to: cursor.expect(')').to };
  }
  const negative = cursor.peek() === '-';
  if (negative || cursor.peek() === '+') cursor.take();
  const { value, to } = parseSeconds(cursor);
  return { at: negative ? -value : value, to };
}

function parseExtended(
  cursor: Cursor,
  expr: Expr,
  modifier: 'anchored' | 'smoothed',
): VectorSelector | MatrixSelector {
  const { to } = cursor.take();
  if (expr.kind === 'subquery')
    throw cursor.fault(expr.from, `${modifier} modifier is not supported for subqueries`);
  if (expr.kind !== 'vector' && expr.kind !== 'matrix')
    throw cursor.fault(expr.from, `${modifier} modifier not implemented`);
  const selector = expr.kind === 'vector' ? expr : expr.selector;
  if (modifier === 'anchored' ? selector.smoothed : selector.anchored)
    throw cursor.fault(expr.from, 'anchored and smoothed modifiers cannot be used together');
  const extended = { ...selector, [modifier]: true };
  return expr.kind === 'vector' ? { ...extended, to } : { ...expr, selector: extended, to };
}

function selectingOf(cursor: Cursor, expr: Expr, modifier: string): Selecting {
  if (expr.kind === 'vector' || expr.kind === 'matrix' || expr.kind === 'subquery') return expr;
  const wanted = 'an instant vector selector or range vector selector or a subquery';
  throw cursor.fault(expr.from, `${modifier} must be preceded by ${wanted}`);
}

function shiftOf(expr: Selecting): TimeShift {
  return expr.kind === 'matrix' ? expr.selector : expr;
}

function shifted(expr: Selecting, shift: Partial<TimeShift>, to: number): Selecting {
  return expr.kind === 'matrix'
    ? { ...expr, selector: { ...expr.selector, ...shift }, to }
    : { ...expr, ...shift, to };
}

/** Seconds to ms by way of whole nanoseconds, as Go's durations do: 1.0005 s is 1000 ms. */
function toMs(seconds: number): number {
  return Math.trunc(Math.round(seconds * 1e9) / 1e6);
}

/** Go's %f. */
function fixed(value: number): string {
  return Number.isFinite(value) ? `${BigInt(Math.trunc(value))}.000000` : formatValue(value);
}
