import type { BinaryExpr, DurationExpr, Expr, TimeShift, VectorSelector } from '../ast.ts';
import { plainNumber } from './format.ts';
import { signatures } from './signatures.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The tree as `/api/v1/parse_query` shows it. */
export function exprToJson(expr: Expr): Json {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: plainNumber(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'vector':
      return { type: 'vectorSelector', ...selectorToJson(expr) };
    case 'matrix':
      return {
        type: 'matrixSelector',
        range: expr.range,
        rangeExpr: durationToJson(expr.rangeExpr),
        ...selectorToJson(expr.selector),
      };
    case 'subquery':
      return {
        type: 'subquery',
        expr: exprToJson(expr.expr),
        range: expr.range,
        rangeExpr: durationToJson(expr.rangeExpr),
        step: expr.step,
        stepExpr: durationToJson(expr.stepExpr),
        ...shiftToJson(expr),
      };
    case 'paren':
      return { type: 'parenExpr', expr: exprToJson(expr.expr) };
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: exprToJson(expr.expr) };
    case 'binary':
      return binaryToJson(expr);
    case 'call': {
      const { args, variadic, returns } = signatures.get(expr.func)!;
      return {
        type: 'call',
        func: { name: expr.func, argTypes: args, variadic, returnType: returns },
        args: expr.args.map(exprToJson),
      };
    }
    case 'aggregation':
      return {
        type: 'aggregation',
        op: expr.op,
        expr: exprToJson(expr.expr),
        param: expr.param ? exprToJson(expr.param) : null,
        grouping: expr.grouping,
        without: expr.without,
      };
  }
}

function binaryToJson({ op, lhs, rhs, bool, matching }: BinaryExpr): Json {
  return {
    type: 'binaryExpr',
    op,
    lhs: exprToJson(lhs),
    rhs: exprToJson(rhs),
    bool,
    matching: matching
      ? {
          card: matching.card,
          labels: matching.labels,
          on: matching.on,
          include: matching.include,
          fillValues: { lhs: matching.fillLeft ?? null, rhs: matching.fillRight ?? null },
        }
      : null,
  };
}

function selectorToJson(selector: VectorSelector): { readonly [key: string]: Json } {
  const { name, matchers, anchored, smoothed } = selector;
  return {
    name,
    matchers: matchers.map((matcher) => ({ name: matcher.name, value: matcher.value, type: matcher.type })),
    anchored,
    smoothed,
    ...shiftToJson(selector),
  };
}

function shiftToJson({ offset, offsetExpr, at }: TimeShift): { readonly [key: string]: Json } {
  return {
    offset,
    offsetExpr: durationToJson(offsetExpr),
    timestamp: typeof at === 'number' ? at : null,
    startOrEnd: typeof at === 'string' ? at : null,
  };
}

function durationToJson(expr: DurationExpr | undefined): Json {
  if (!expr) return null;
  switch (expr.kind) {
    case 'seconds':
      return { type: 'numberLiteral', val: plainNumber(expr.value), duration: expr.duration };
    case 'group':
      return { ...(durationToJson(expr.expr) as object), wrapped: true };
    case 'step':
    case 'range':
      return operation(expr.kind, undefined, undefined);
    case 'negate':
    case 'plus':
      return operation(expr.kind === 'negate' ? '-' : '+', undefined, expr.expr);
    case 'min':
    case 'max':
      return operation(`${expr.kind}_of`, expr.lhs, expr.rhs);
    case 'arithmetic':
      return operation(expr.op, expr.lhs, expr.rhs);
  }
}

function operation(op: string, lhs: DurationExpr | undefined, rhs: DurationExpr | undefined): Json {
  return { type: 'durationExpr', op, lhs: durationToJson(lhs), rhs: durationToJson(rhs), wrapped: false };
}
