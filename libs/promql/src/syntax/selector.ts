import { compileMatcher, type Matcher, type MatchType, metricName, quoteString } from '@paddlewatch/model';
import type { VectorSelector } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { unquote } from './literal.ts';
import { isGroupingLabel, isMetricName, type Token, type TokenType } from './token.ts';

const matchTypes: ReadonlySet<TokenType> = new Set<MatchType>(['=', '!=', '=~', '!~']);

/** `name`, `name{…}` or `{…}`, without what may follow it. */
export function parseSelector(cursor: Cursor): VectorSelector {
  if (cursor.peek() === '{') return selectorAfter(cursor, undefined);
  return isMetricName(cursor.peek()) ? selectorAfter(cursor, cursor.take()) : cursor.unexpected();
}

/** The selector whose name has been read. */
export function selectorAfter(cursor: Cursor, name: Token | undefined): VectorSelector {
  const braces = name === undefined || cursor.peek() === '{' ? parseMatchers(cursor) : undefined;
  const matchers = [...(braces?.matchers ?? [])];
  // The name's matcher stands last, which is where Prometheus shows it.
  if (name) matchers.push({ type: '=', name: metricName, value: name.text });
  return {
    kind: 'vector',
    name: name?.text ?? '',
    matchers,
    offset: 0,
    anchored: false,
    smoothed: false,
    from: (name ?? braces)!.from,
    to: (braces ?? name)!.to,
  };
}

function parseMatchers(cursor: Cursor): { matchers: Matcher[]; from: number; to: number } {
  const { from } = cursor.take();
  const matchers: Matcher[] = [];
  while (cursor.peek() !== '}') {
    matchers.push(parseMatcher(cursor));
    if (cursor.peek() !== '}' && !cursor.accept(',')) cursor.unexpected('label matching', '"," or "}"');
  }
  return { matchers, from, to: cursor.take().to };
}

function parseMatcher(cursor: Cursor): Matcher {
  const label = cursor.token;
  if (label.type !== 'identifier' && label.type !== 'string')
    cursor.unexpected('label matching', 'identifier or "}"');
  cursor.take();
  const quoted = label.type === 'string';
  const name = quoted ? unquote(label.text) : label.text;
  if (!matchTypes.has(cursor.peek())) {
    // A string that stands alone is the metric's name.
    if (quoted) return { type: '=', name: metricName, value: name };
    cursor.unexpected('label matching', 'label matching operator');
  }
  const type = cursor.take().type as MatchType;
  if (cursor.peek() !== 'string') cursor.unexpected('label matching', 'string');
  const matcher: Matcher = { type, name, value: unquote(cursor.take().text) };
  checkPattern(cursor, label, matcher);
  return matcher;
}

function checkPattern(cursor: Cursor, label: Token, matcher: Matcher): void {
  try {
    compileMatcher(matcher);
  } catch (error) {
    const { message, cause } = error as Error;
    // The pattern is shown as it was written, without the flag under which it is compiled.
    throw cursor.fault(label.from, cause instanceof Error ? cause.message.replace('`(?s)', '`') : message);
  }
}

/** `(label, "quoted label", …)` after by, without, on, ignoring, group_left and group_right. */
export function parseLabels(cursor: Cursor): { labels: string[]; to: number } {
  if (!cursor.accept('(')) cursor.unexpected('grouping opts', '"("');
  const labels: string[] = [];
  while (cursor.peek() !== ')') {
    labels.push(parseLabel(cursor));
    if (cursor.peek() !== ')' && !cursor.accept(',')) cursor.unexpected('grouping opts', '"," or ")"');
  }
  return { labels, to: cursor.take().to };
}

function parseLabel(cursor: Cursor): string {
  const { type, text } = cursor.token;
  if (type === 'string') {
    const { from } = cursor.take();
    const name = unquote(text);
    if (name === '' || !name.isWellFormed())
      throw cursor.fault(from, `invalid label name for grouping: ${quoteString(name)}`);
    return name;
  }
  if (!isGroupingLabel(type)) cursor.unexpected('grouping opts', 'label');
  return cursor.take().text;
}
