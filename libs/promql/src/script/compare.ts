import {
  compareLabels,
  type FloatHistogram,
  formatHistogram,
  formatLabels,
  goFloat,
  histogramsEqual,
  type Labels,
  labelsKey,
  quoteString,
} from '@paddlewatch/model';
import type { MatrixSeries, QueryResult, Value, VectorSample } from '../result.ts';
import { almostEqual } from './almost.ts';
import type { Annotations, Expectation, ExpectedSeries, Message, Range } from './script.ts';
import type { SequenceValue } from './sequence.ts';

type Result = QueryResult;

/** A result that is not what was expected. */
class Mismatch extends Error {}

/** What is wrong with a result, undefined where nothing is. `steps` are those of a range query. */
export function mismatch(result: Result, expect: Expectation, steps: Range | undefined): string | undefined {
  try {
    compareAnnotations('warning', result.warnings, expect.warn);
    compareAnnotations('info', result.infos, expect.info);
    compareValue(result.value, expect, steps);
    return undefined;
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    throw error;
  }
}

export function fits(message: Message, text: string): boolean {
  return typeof message === 'string' ? message === text : message.test(text);
}

function compareAnnotations(kind: string, actual: readonly string[], expected: Annotations): void {
  if (expected === 'any') return;
  if (expected === 'none') {
    if (actual.length > 0) throw new Mismatch(`expected no ${kind} but got ${actual.join('; ')}`);
    return;
  }
  if (actual.length === 0) throw new Mismatch(`expected a ${kind} but got none`);
  if (expected === 'some') return;
  for (const message of expected)
    if (!actual.some((text) => fits(message, text)))
      throw new Mismatch(`expected ${kind} ${message} but got ${actual.join('; ')}`);
  for (const text of actual)
    if (!expected.some((message) => fits(message, text))) throw new Mismatch(`unexpected ${kind} ${text}`);
}

export function compareValue(value: Value, expect: Expectation, steps: Range | undefined): void {
  const expected = expect.value;
  switch (value.type) {
    case 'scalar':
      if (expected.type !== 'scalar')
        throw new Mismatch(`expected ${expected.type} but got scalar ${value.v}`);
      if (!almostEqual(value.v, expected.value))
        throw new Mismatch(`expected scalar ${goFloat(expected.value)} but got ${goFloat(value.v)}`);
      return;
    case 'string':
      if (expected.type !== 'string' || expected.value !== value.v)
        throw new Mismatch(`expected ${describeExpected(expect)} but got string ${quoteString(value.v)}`);
      return;
    case 'vector':
      if (expected.type !== 'series') throw new Mismatch(`expected ${expected.type} but got vector`);
      compareVector(value.samples, expected.series, expect.ordered);
      return;
    case 'matrix':
      if (expected.type !== 'series') throw new Mismatch(`expected ${expected.type} but got matrix`);
      if (expect.ordered) throw new Mismatch('expected ordered result, but query returned a matrix');
      compareMatrix(value.series, expected.series, steps ?? { start: 0, end: 0, step: 0 });
  }
}

function describeExpected({ value }: Expectation): string {
  return value.type === 'string' ? `string ${quoteString(value.value)}` : value.type;
}

function compareVector(
  samples: readonly VectorSample[],
  expected: readonly ExpectedSeries[],
  ordered: boolean,
): void {
  const places = byLabels(expected);
  const seen = new Set<string>();
  for (const [i, { labels, v, h }] of samples.entries()) {
    const key = labelsKey(labels);
    const place = places.get(key);
    const text = h ? formatHistogram(h) : goFloat(v);
    if (place === undefined)
      throw new Mismatch(`unexpected metric ${formatLabels(labels)} in result, has value ${text}`);
    if (ordered && place !== i)
      throw new Mismatch(
        `expected metric ${formatLabels(labels)} at position ${place + 1} but was at ${i + 1}`,
      );
    const wanted = expected[place]!.values[0];
    if (!wanted || !sameValue(wanted, v, h))
      throw new Mismatch(`expected ${describe(wanted)} for ${formatLabels(labels)} but got ${text}`);
    seen.add(key);
  }
  requireAll(expected, seen);
}

function compareMatrix(
  series: readonly MatrixSeries[],
  expected: readonly ExpectedSeries[],
  steps: Range,
): void {
  const places = byLabels(expected);
  const seen = new Set<string>();
  let before: Labels | undefined;
  for (const one of series) {
    const { labels } = one;
    if (before && compareLabels(before, labels) > 0)
      throw new Mismatch(`matrix is not sorted: ${formatLabels(labels)} comes after ${formatLabels(before)}`);
    before = labels;
    const place = places.get(labelsKey(labels));
    if (place === undefined)
      throw new Mismatch(`unexpected metric ${formatLabels(labels)} in result, has ${describePoints(one)}`);
    comparePoints(one, expected[place]!, steps);
    seen.add(labelsKey(labels));
  }
  requireAll(expected, seen);
}

function comparePoints(
  { labels, t, v, histograms }: MatrixSeries,
  { values }: ExpectedSeries,
  { start, end, step }: Range,
): void {
  const fault = (what: string) =>
    new Mismatch(
      `${formatLabels(labels)}: ${what} (result has ${describePoints({ labels, t, v, histograms })})`,
    );
  let floats = 0;
  let others = 0;
  for (const [i, wanted] of values.entries()) {
    const time = start + i * step;
    if (time > end) throw fault(`expected ${values.length} points, but the time range cannot hold that many`);
    if (wanted.kind === 'blank') continue;
    const isHistogram = wanted.kind === 'histogram';
    const place = isHistogram ? others++ : floats++;
    const at = isHistogram ? histograms[place]?.t : t[place];
    if (at !== time) throw fault(`expected ${describe(wanted)} at ${time} but got a point at ${at}`);
    if (!sameValue(wanted, v[place]!, isHistogram ? histograms[place]!.h : undefined))
      throw fault(
        `expected ${describe(wanted)} at ${time} but got ${isHistogram ? formatHistogram(histograms[place]!.h) : goFloat(v[place]!)}`,
      );
  }
  if (floats !== t.length || others !== histograms.length)
    throw fault(`expected ${floats} float and ${others} histogram points`);
}

function sameValue(wanted: SequenceValue, v: number, h: FloatHistogram | undefined): boolean {
  if (wanted.kind === 'histogram')
    return (
      h !== undefined &&
      histogramsEqual(wanted.value, h, almostEqual) &&
      (!wanted.hintGiven || wanted.value.hint === h.hint)
    );
  return h === undefined && wanted.kind === 'float' && almostEqual(wanted.value, v);
}

function byLabels(expected: readonly ExpectedSeries[]): Map<string, number> {
  return new Map(expected.map(({ labels }, place) => [labelsKey(labels), place]));
}

function requireAll(expected: readonly ExpectedSeries[], seen: ReadonlySet<string>): void {
  for (const { labels, values } of expected)
    if (!seen.has(labelsKey(labels)))
      throw new Mismatch(
        `expected metric ${formatLabels(labels)} with ${values.map(describe).join(' ')} not found`,
      );
}

function describe(value: SequenceValue | undefined): string {
  switch (value?.kind) {
    case 'float':
      return goFloat(value.value);
    case 'histogram':
      return `${formatHistogram(value.value)}${value.hintGiven ? ` (${value.value.hint})` : ''}`;
    default:
      return value?.kind ?? 'nothing';
  }
}

function describePoints({ t, v, histograms }: MatrixSeries): string {
  const floats = [...t].map((time, i) => `${goFloat(v[i]!)} @${time}`);
  const others = histograms.map((point) => `${formatHistogram(point.h)} @${point.t}`);
  return [...floats, ...others].join(', ');
}
