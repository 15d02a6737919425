import { parseDuration } from '@paddlewatch/model';
import type { DurationExpr } from '../ast.ts';
import { type Cursor, highestTree, tooHigh } from './cursor.ts';
import { parseNumber } from './literal.ts';
import type { Token } from './token.ts';
import { durationChildren, treeHeight } from './walk.ts';

type Arithmetic = Extract<DurationExpr, { kind: 'arithmetic' }>['op'];
export type Seconds = Extract<DurationExpr, { kind: 'seconds' }>;

const precedence: Readonly<Partial<Record<string, number>>> = {
  '+': 1,
  '-': 1,
  '*': 2,
  '/': 2,
  '%': 2,
  '^': 3,
};
const signPrecedence = 2;
/** Go's int64 nanoseconds, in seconds. */
const mostSeconds = 2 ** 63 / 1e9;
type ReadDuration = (cursor: Cursor) => DurationExpr;

export const durationHint = 'number, duration, step(), or range()';

/** A range or step: a duration expression that is positive where it is a plain number. */
export function parseRange(cursor: Cursor): DurationExpr {
  const range = parseWhole(cursor);
  if (range.kind === 'seconds' && range.value <= 0)
    throw cursor.fault(range.from, 'duration must be greater than 0');
  return range;
}

/**
 * What follows `offset`. Operators behind it belong to the expression around: `foo offset 5m + 2` adds 2 to foo.
 * Only behind an unsigned parenthesis does the duration go on.
 */
export function parseOffset(cursor: Cursor): DurationExpr {
  return cursor.peek() === '(' ? parseWhole(cursor) : parseSigned(cursor, parsePrimary, parsePrimary);
}

function parseWhole(cursor: Cursor): DurationExpr {
  const duration = parseArithmetic(cursor, 1);
  if (treeHeight(duration, durationChildren) > highestTree) throw cursor.fault(duration.from, tooHigh);
  return duration;
}

function parseArithmetic(cursor: Cursor, floor: number): DurationExpr {
  return cursor.deeper(() => {
    let lhs: DurationExpr = parseSigned(cursor, parsePrimary, (inner) =>
      parseArithmetic(inner, signPrecedence + 1),
    );
    for (;;) {
      const level = precedence[cursor.peek()];
      if (level === undefined || level < floor) return lhs;
      const op = cursor.take();
      const rhs = parseArithmetic(cursor, op.type === '^' ? level : level + 1);
      if (rhs.kind === 'seconds' && rhs.value === 0 && (op.type === '/' || op.type === '%'))
        throw cursor.fault(op.from, op.type === '/' ? 'division by zero' : 'modulo by zero');
      lhs = { kind: 'arithmetic', op: op.type as Arithmetic, lhs, rhs, from: lhs.from, to: rhs.to };
    }
  });
}

/** With or without a sign; what may follow the sign is another matter than what may stand alone. */
function parseSigned(cursor: Cursor, plain: ReadDuration, signed: ReadDuration): DurationExpr {
  if (cursor.peek() !== '+' && cursor.peek() !== '-') return plain(cursor);
  const { type, from } = cursor.take();
  const expr = signed(cursor);
  if (expr.kind === 'seconds') return { ...expr, value: type === '-' ? -expr.value : expr.value, from };
  return { kind: type === '-' ? 'negate' : 'plus', expr, from, to: expr.to };
}

function parsePrimary(cursor: Cursor): DurationExpr {
  const { type, from } = cursor.token;
  switch (type) {
    case 'number':
    case 'duration':
      return inRange(cursor, parseSeconds(cursor));
    case 'step':
    case 'range':
      cursor.take();
      cursor.expect('(');
      return { kind: type, from, to: cursor.expect(')').to };
    case 'min_of':
    case 'max_of': {
      cursor.take();
      cursor.expect('(');
      const lhs = parseArithmetic(cursor, 1);
      cursor.expect(',');
      const rhs = parseArithmetic(cursor, 1);
      return { kind: type === 'min_of' ? 'min' : 'max', lhs, rhs, from, to: cursor.expect(')').to };
    }
    case '(': {
      cursor.take();
      const expr = parseArithmetic(cursor, 1);
      cursor.expect(')');
      // As Prometheus reads it, a number in parentheses is but the number, and faults speak of what is inside.
      return expr.kind === 'seconds' ? expr : { kind: 'group', expr, from: expr.from, to: expr.to };
    }
    default:
      return cursor.unexpected();
  }
}

/** A number or duration token, which must come next. */
export function parseSeconds(cursor: Cursor): Seconds {
  const token =
    cursor.peek() === 'number' || cursor.peek() === 'duration' ? cursor.take() : cursor.unexpected();
  return {
    kind: 'seconds',
    value: secondsOf(cursor, token),
    duration: token.type === 'duration',
    from: token.from,
    to: token.to,
  };
}

function secondsOf(cursor: Cursor, { type, text, from }: Token): number {
  try {
    return type === 'duration' ? parseDuration(text) / 1000 : parseNumber(text);
  } catch (error) {
    throw cursor.fault(from, (error as Error).message);
  }
}

function inRange(cursor: Cursor, seconds: Seconds): Seconds {
  if (Math.abs(seconds.value) > mostSeconds) throw cursor.fault(seconds.from, 'duration out of range');
  return seconds;
}
