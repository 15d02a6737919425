import {
  formatDuration,
  goFloat,
  isLegacyLabelName,
  type Matcher,
  metricName,
  quoteString,
} from '@paddlewatch/model';
import type {
  Aggregation,
  BinaryExpr,
  DurationExpr,
  Expr,
  MatrixSelector,
  NumberLiteral,
  Subquery,
  TimeShift,
  VectorSelector,
} from '../ast.ts';

/** A line longer than this (bytes) is broken. */
const longestLine = 100;

/** The query in Prometheus' layout: on one line where it fits into 100 characters, else broken at its brackets. */
export function formatExpr(expr: Expr): string {
  return layout(expr, 0);
}

function layout(expr: Expr, level: number): string {
  const line = printExpr(expr);
  if (Buffer.byteLength(line) <= longestLine) return expr.kind === 'subquery' ? line : indent(level) + line;
  switch (expr.kind) {
    case 'aggregation': {
      const param = expr.param ? `${layout(expr.param, level + 1)},\n` : '';
      return `${indent(level)}${printGrouping(expr)}(\n${param}${layout(expr.expr, level + 1)}\n${indent(level)})`;
    }
    case 'binary':
      return `${layout(expr.lhs, level + 1)}\n${indent(level)}${printOperator(expr)}\n${layout(expr.rhs, level + 1)}`;
    case 'call': {
      const args = expr.args.map((arg) => layout(arg, level + 1)).join(',\n');
      return `${indent(level)}${expr.func}(\n${args}\n${indent(level)})`;
    }
    case 'paren':
      return `${indent(level)}(\n${layout(expr.expr, level + 1)}\n${indent(level)})`;
    case 'subquery':
      return layout(expr.expr, level) + printSubqueryTail(expr);
    case 'unary':
      return `${indent(level)}${expr.op}${layout(expr.expr, level).trim()}`;
    default:
      return indent(level) + line;
  }
}

function indent(level: number): string {
  return '  '.repeat(level);
}

/** The query on one line. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return printNumber(expr);
    case 'string':
      return quoteString(expr.value);
    case 'vector':
      return printSelector(expr);
    case 'matrix':
      return printMatrix(expr);
    case 'subquery':
      return printExpr(expr.expr) + printSubqueryTail(expr);
    case 'paren':
      return `(${printExpr(expr.expr)})`;
    case 'unary':
      return expr.op + printExpr(expr.expr);
    case 'binary':
      return `${printExpr(expr.lhs)} ${printOperator(expr)} ${printExpr(expr.rhs)}`;
    case 'call':
      return `${expr.func}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregation': {
      const param = expr.param ? `${printExpr(expr.param)}, ` : '';
      return `${printGrouping(expr)}(${param}${printExpr(expr.expr)})`;
    }
  }
}

/** A number as Go's FormatFloat(v, 'f', -1, 64) writes it: never with an exponent. */
export function plainNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text.replace('Infinity', 'Inf');
  const [, sign, whole, fraction = '', exponent] = match;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  return point > 0 ? sign + digits.padEnd(point, '0') : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

function printNumber({ value, duration }: Pick<NumberLiteral, 'value' | 'duration'>): string {
  return duration ? formatDuration(Math.trunc(value * 1000)) : plainNumber(value);
}

function printSelector(selector: VectorSelector): string {
  const extension = selector.anchored ? ' anchored' : selector.smoothed ? ' smoothed' : '';
  return printMatchers(selector) + printAt(selector) + extension + printOffset(selector);
}

function printMatrix({ selector, range, rangeExpr }: MatrixSelector): string {
  const extension = selector.anchored ? ' anchored' : selector.smoothed ? ' smoothed' : '';
  const window = `[${printSpan(range, rangeExpr)}]`;
  return printMatchers(selector) + window + extension + printAt(selector) + printOffset(selector);
}

function printMatchers({ name, matchers }: VectorSelector): string {
  const shown = matchers
    .filter(
      ({ name: label, type, value }) =>
        !(label === metricName && type === '=' && value === name && name !== ''),
    )
    .map(printMatcher)
    .sort();
  return shown.length > 0 ? `${name}{${shown.join(',')}}` : name;
}

function printMatcher({ name, type, value }: Matcher): string {
  return printLabel(name) + type + quoteString(value);
}

function printLabel(name: string): string {
  return isLegacyLabelName(name) ? name : quoteString(name);
}

function printSubqueryTail(expr: Subquery): string {
  const step = expr.step !== 0 || expr.stepExpr ? printSpan(expr.step, expr.stepExpr) : '';
  return `[${printSpan(expr.range, expr.rangeExpr)}:${step}]${printAt(expr)}${printOffset(expr)}`;
}

function printSpan(ms: number, expr: DurationExpr | undefined): string {
  return expr ? printDuration(expr) : formatDuration(ms);
}

function printAt({ at }: TimeShift): string {
  if (at === undefined) return '';
  return typeof at === 'number' ? ` @ ${(at / 1000).toFixed(3)}` : ` @ ${at}()`;
}

function printOffset({ offset, offsetExpr }: TimeShift): string {
  if (offsetExpr) return ` offset ${printDuration(offsetExpr)}`;
  return offset === 0 ? '' : ` offset ${formatDuration(offset)}`;
}

export function printDuration(expr: DurationExpr): string {
  switch (expr.kind) {
    case 'seconds':
      return printNumber(expr);
    case 'step':
    case 'range':
      return `${expr.kind}()`;
    case 'negate':
      return `-${printDuration(expr.expr)}`;
    case 'plus':
      return printDuration(expr.expr);
    case 'group':
      return `(${printDuration(expr.expr)})`;
    case 'min':
    case 'max':
      return `${expr.kind}_of(${printDuration(expr.lhs)}, ${printDuration(expr.rhs)})`;
    case 'arithmetic':
      return `${printDuration(expr.lhs)} ${expr.op} ${printDuration(expr.rhs)}`;
  }
}

function printGrouping({ op, without, grouping }: Aggregation): string {
  if (!without && grouping.length === 0) return op;
  return `${op} ${without ? 'without' : 'by'} (${grouping.map(printLabel).join(', ')}) `;
}

function printOperator({ op, bool, matching }: BinaryExpr): string {
  let text = bool ? `${op} bool` : op;
  if (!matching) return text;
  const { on, labels, card, include, fillLeft, fillRight } = matching;
  const grouped = card === 'many-to-one' || card === 'one-to-many';
  if (on || labels.length > 0 || grouped)
    text += ` ${on ? 'on' : 'ignoring'} (${labels.map(printLabel).join(', ')})`;
  if (grouped)
    text += ` group_${card === 'many-to-one' ? 'left' : 'right'} (${include.map(printLabel).join(', ')})`;
  if (fillLeft !== undefined && Object.is(fillLeft, fillRight)) return `${text} fill (${goFloat(fillLeft)})`;
  if (fillLeft !== undefined) text += ` fill_left (${goFloat(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${goFloat(fillRight)})`;
  return text;
}
