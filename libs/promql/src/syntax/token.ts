import { quoteString } from '@paddlewatch/model';
import type { Span } from '../ast.ts';

export const aggregators = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
] as const;

const wordOperators = ['and', 'or', 'unless', 'atan2'] as const;

const modifiers = [
  'offset',
  'smoothed',
  'anchored',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'fill',
  'fill_left',
  'fill_right',
  'bool',
] as const;

/** Names with a meaning of their own after `@` and in durations. */
const preprocessors = ['start', 'end', 'step', 'range', 'min_of', 'max_of'] as const;

const signs = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '==',
  '!=',
  '<=',
  '<',
  '>=',
  '>',
  '</',
  '>/',
  '=~',
  '!~',
  '@',
] as const;
const brackets = ['(', ')', '{', '}', '[', ']', ',', '=', ':'] as const;

export type Aggregator = (typeof aggregators)[number];
export type Keyword =
  | Aggregator
  | (typeof wordOperators)[number]
  | (typeof modifiers)[number]
  | (typeof preprocessors)[number];
export type TokenType =
  | Keyword
  | (typeof signs)[number]
  | (typeof brackets)[number]
  | 'number'
  | 'duration'
  | 'string'
  | 'identifier'
  | 'metric identifier'
  | 'end of input';

export interface Token extends Span {
  readonly type: TokenType;
  readonly text: string;
}

export const keywords: ReadonlyMap<string, Keyword> = new Map(
  [...aggregators, ...wordOperators, ...modifiers, ...preprocessors].map((word) => [word, word]),
);

const aggregatorTypes: ReadonlySet<TokenType> = new Set(aggregators);
const operatorTypes: ReadonlySet<TokenType> = new Set([...wordOperators, ...signs]);
const modifierTypes: ReadonlySet<TokenType> = new Set(modifiers);

/** Words that stand for themselves as a metric name: all but those that only make sense inside an expression. */
const neverNames: ReadonlySet<TokenType> = new Set([
  'bool',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'atan2',
]);

export function isAggregator(type: TokenType): type is Aggregator {
  return aggregatorTypes.has(type);
}

export function isMetricName(type: TokenType): boolean {
  return isGroupingLabel(type) && !neverNames.has(type);
}

export function isGroupingLabel(type: TokenType): boolean {
  return type === 'identifier' || type === 'metric identifier' || keywords.has(type);
}

const expressionStarts: ReadonlySet<TokenType> = new Set([
  'number',
  'duration',
  'string',
  '(',
  '{',
  '+',
  '-',
]);

export function beginsExpression(type: TokenType): boolean {
  return expressionStarts.has(type) || isMetricName(type);
}

/** A token in the words of an error: `identifier "foo"`, `<op:+>`, `end of input`. */
export function describeToken({ type, text }: Token): string {
  if (type === 'end of input') return type;
  if (aggregatorTypes.has(type)) return `<aggr:${text}>`;
  if (operatorTypes.has(type)) return `<op:${text}>`;
  if (modifierTypes.has(type)) return `<${text}>`;
  if (type === 'identifier' || type === 'metric identifier') return `${type} ${quoteString(text)}`;
  const shown = text.length > 10 ? `${quoteString(text.slice(0, 10))}...` : quoteString(text);
  return type === 'number' || type === 'duration' || type === 'string' ? `${type} ${shown}` : shown;
}
