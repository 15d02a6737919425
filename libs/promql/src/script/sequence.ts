import {
  addHistograms,
  type FloatHistogram,
  type Labels,
  labelsFromPairs,
  metricName,
  parseDuration,
  subtractHistograms,
} from '@paddlewatch/model';
import { Cursor } from '../syntax/cursor.ts';
import { unquote } from '../syntax/literal.ts';
import { isMetricName } from '../syntax/token.ts';
import { parseHistogram } from './histogram-literal.ts';

/** One place in a sequence: nothing, a staleness marker, a float, or a histogram. */
export type SequenceValue =
  | { readonly kind: 'blank' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'float'; readonly value: number }
  /** `hintGiven`: the literal names a counter reset hint, so a comparison must regard it. */
  | { readonly kind: 'histogram'; readonly value: FloatHistogram; readonly hintGiven: boolean };

export interface SeriesDescription {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/** Longest sequence that one item may write with `x`: a year of seconds has 31 million. */
const longestRepeat = 1_000_000;

const number = String.raw`(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?:ms|[smhdwy])?(?:\d+(?:ms|[smhdw]))*|[iI][nN][fF]|[nN][aA][nN])`;
const histogram = String.raw`\{\{[^}]*\}\}`;
const item = new RegExp(
  String.raw`(?:(_)|(stale)|([-+]?${number})([-+]${number})?|(${histogram})(?:([-+])(${histogram}))?)(?:x(\d+))?(?=\s|$)`,
  'y',
);

/** `metric{label="value"} 1 2x3 _ stale 4+5x6 {{schema:0 …}}`, as test scripts and promtool's rule tests write it. */
export function parseSeries(text: string): SeriesDescription {
  const { labels, end } = parseMetric(text);
  return { labels, values: parseSequence(text.slice(end)) };
}

/** The labels at the start of a text, and where they end. */
export function parseMetric(text: string): { labels: Labels; end: number } {
  const cursor = new Cursor(text);
  const pairs: [string, string][] = [];
  let end = 0;
  if (isMetricName(cursor.peek())) {
    const name = cursor.take();
    pairs.push([metricName, name.text]);
    end = name.to;
    if (text[end] !== '{') return { labels: labelsFromPairs(pairs), end };
  }
  cursor.expect('{');
  while (cursor.peek() !== '}') {
    pairs.push(parseLabel(cursor));
    if (cursor.peek() !== '}' && !cursor.accept(',')) cursor.unexpected('label set', '"," or "}"');
  }
  return { labels: labelsFromPairs(pairs), end: cursor.take().to };
}

function parseLabel(cursor: Cursor): [string, string] {
  const { type, text } = cursor.token;
  if (type !== 'identifier' && type !== 'string') cursor.unexpected('label set', 'identifier or "}"');
  cursor.take();
  if (!cursor.accept('='))
    return type === 'string' ? [metricName, unquote(text)] : cursor.unexpected('label set', '"="');
  if (cursor.peek() !== 'string') cursor.unexpected('label set', 'string');
  return [type === 'string' ? unquote(text) : text, unquote(cursor.take().text)];
}

/** Values by place. `ax3` stands for four a's, `_x3` for three blanks, `a+bx3` for a, a+b, a+2b, a+3b. */
export function parseSequence(text: string): SequenceValue[] {
  const values: SequenceValue[] = [];
  const spaces = /\s*/y;
  for (let at = 0; ; ) {
    spaces.lastIndex = at;
    at += spaces.exec(text)![0].length;
    if (at >= text.length) return values;
    item.lastIndex = at;
    const match = item.exec(text);
    if (!match) throw new SyntaxError(`cannot read series values at "${text.slice(at, at + 20)}"`);
    at += match[0].length;
    for (const value of expand(match)) values.push(value);
  }
}

function* expand(match: RegExpExecArray): Generator<SequenceValue> {
  const [, blank, stale, base, step, literal, sign, increment, times] = match;
  const repeat = Number(times ?? 0);
  if (repeat > longestRepeat)
    throw new SyntaxError(`cannot repeat a value ${times} times: ${longestRepeat} at most`);
  if (blank) for (let i = 0; i < Math.max(repeat, times ? 0 : 1); i++) yield { kind: 'blank' };
  else if (stale) for (let i = 0; i <= repeat; i++) yield { kind: 'stale' };
  else if (base) yield* expandFloats(parseFloatValue(base), step ? parseFloatValue(step) : 0, repeat);
  else yield* expandHistograms(literal!, sign, increment, repeat);
}

function* expandFloats(base: number, step: number, repeat: number): Generator<SequenceValue> {
  let value = base;
  for (let i = 0; i <= repeat; i++) {
    yield { kind: 'float', value };
    if (step !== 0) value += step;
  }
}

function* expandHistograms(
  literal: string,
  sign: string | undefined,
  increment: string | undefined,
  repeat: number,
): Generator<SequenceValue> {
  let { histogram: value, hintGiven } = parseHistogram(literal);
  const change = increment === undefined ? undefined : parseHistogram(increment);
  hintGiven = change?.hintGiven ?? hintGiven;
  for (let i = 0; i <= repeat; i++) {
    yield { kind: 'histogram', value, hintGiven };
    if (!change) continue;
    const next =
      sign === '-' ? subtractHistograms(value, change.histogram) : addHistograms(value, change.histogram);
    if (!next)
      throw new SyntaxError('cannot combine histograms: one has custom buckets and the other has not');
    value = next.histogram;
  }
}

function parseFloatValue(text: string): number {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const size = /^inf$/i.test(digits)
    ? Infinity
    : /^nan$/i.test(digits)
      ? NaN
      : /[smhdwy]$/.test(digits)
        ? parseDuration(digits) / 1000
        : Number(digits);
  return negative ? -size : size;
}
