import {
  allBuckets,
  type FloatHistogram,
  formatLabels,
  formatValue,
  labelsFrom,
  parseValue,
} from '@paddlewatch/model';
import type { QueryResult, Value } from '../src/index.ts';
import { sameRemarks } from './remarks.ts';

/** A result of either side, brought to one shape. */
export type Answer =
  | { readonly type: 'error'; readonly text: string }
  | {
      readonly type: 'scalar' | 'string' | 'vector' | 'matrix';
      readonly rows: readonly Row[];
      /** Warnings and infos, sorted. */
      readonly remarks: readonly string[];
    };

export interface Row {
  /** The labels as text. */
  readonly key: string;
  readonly t: readonly number[];
  readonly v: readonly number[];
  readonly histograms: readonly Histogram[];
}

/** As the HTTP API shows it: count, sum, and of each populated bucket the kind of its bounds, both, and its count. */
export interface Histogram {
  readonly t: number;
  readonly numbers: readonly number[];
}

export function answerOf({ value, warnings, infos }: QueryResult): Answer {
  return { type: value.type, rows: rowsOf(value), remarks: [...warnings, ...infos].sort() };
}

/** What a value consists of. */
export function rowsOf(value: Value): Row[] {
  switch (value.type) {
    case 'scalar':
      return [{ key: '', t: [value.t], v: [value.v], histograms: [] }];
    case 'string':
      return [{ key: value.v, t: [value.t], v: [], histograms: [] }];
    case 'vector':
      return value.samples.map(({ labels, t, v, h }) => ({
        key: formatLabels(labels),
        ...(h
          ? { t: [], v: [], histograms: [{ t, numbers: numbersOf(h) }] }
          : { t: [t], v: [v], histograms: [] }),
      }));
    case 'matrix':
      return value.series.map(({ labels, t, v, histograms }) => ({
        key: formatLabels(labels),
        t: [...t],
        v: [...v],
        histograms: histograms.map(({ t, h }) => ({ t, numbers: numbersOf(h) })),
      }));
  }
}

function numbersOf(h: FloatHistogram): number[] {
  const buckets = allBuckets(h).filter(({ count }) => count !== 0);
  return [
    h.count,
    h.sum,
    ...buckets.flatMap(({ lower, upper, lowerInclusive, upperInclusive, count }) => {
      const rule = upperInclusive ? (lowerInclusive ? 3 : 0) : lowerInclusive ? 1 : 2;
      return [rule, lower, upper, count];
    }),
  ];
}

type Point = readonly [number, string];
type Metric = Record<string, string>;
interface JsonHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, lower: string, upper: string, count: string])[];
}
type HistogramPoint = readonly [number, JsonHistogram];
type JsonResult =
  | { resultType: 'string'; result: Point }
  | { resultType: 'scalar'; result: Point }
  | { resultType: 'vector'; result: { metric: Metric; value?: Point; histogram?: HistogramPoint }[] }
  | { resultType: 'matrix'; result: { metric: Metric; values?: Point[]; histograms?: HistogramPoint[] }[] };

interface JsonAnswer {
  readonly data?: JsonResult;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** What the HTTP API of Prometheus answers. */
export function answerOfJson(json: unknown): Answer {
  const { data, error, warnings = [], infos = [] } = json as JsonAnswer;
  if (!data) return { type: 'error', text: (error ?? 'no data').replace('invalid parameter "query": ', '') };
  return { type: data.resultType, rows: rowsOfJson(data), remarks: [...warnings, ...infos].sort() };
}

function rowsOfJson(data: JsonResult): Row[] {
  switch (data.resultType) {
    case 'string':
      return [{ key: data.result[1], t: times([data.result]), v: [], histograms: [] }];
    case 'scalar':
      return [rowOf('', [data.result], [])];
    case 'vector':
      return data.result.map(({ metric, value, histogram }) =>
        rowOf(keyOf(metric), value ? [value] : [], histogram ? [histogram] : []),
      );
    case 'matrix':
      return data.result.map(({ metric, values = [], histograms = [] }) =>
        rowOf(keyOf(metric), values, histograms),
      );
  }
}

function keyOf(metric: Metric): string {
  return formatLabels(labelsFrom(metric));
}

function rowOf(key: string, points: readonly Point[], histograms: readonly HistogramPoint[]): Row {
  return {
    key,
    t: times(points),
    v: points.map(([, text]) => parseValue(text)!),
    histograms: histograms.map(([t, { count, sum, buckets = [] }]) => ({
      t: Math.round(t * 1000),
      numbers: [count, sum, ...buckets.flat()].map((text) => parseValue(String(text))!),
    })),
  };
}

function times(points: readonly Point[]): number[] {
  return points.map(([t]) => Math.round(t * 1000));
}

export interface Comparison {
  /** The order of a vector is part of the answer. */
  readonly ordered: boolean;
  /** Relative error that two ways of adding up may have. */
  readonly tolerance: number;
  /** Warnings, infos and the texts of errors are part of the answer. */
  readonly words: boolean;
}

/** What differs, undefined where nothing does. */
export function difference(ours: Answer, theirs: Answer, how: Comparison): string | undefined {
  if (ours.type === 'error' || theirs.type === 'error')
    return sameError(ours, theirs, how) ? undefined : `ours: ${brief(ours)}, theirs: ${brief(theirs)}`;
  if (ours.type !== theirs.type) return `ours is a ${ours.type}, theirs a ${theirs.type}`;
  const places = new Map(ours.rows.map((row, place) => [row.key, place]));
  for (const [i, row] of theirs.rows.entries()) {
    const place = places.get(row.key);
    if (place === undefined) return `ours lacks ${describe(row)}`;
    // Which of equal values comes first is nowhere said.
    if (how.ordered && !sameNumber(ours.rows[i]?.v[0] ?? NaN, row.v[0] ?? NaN, how))
      return `${row.key} is not in place ${i}`;
    if (ours.type === 'matrix' && place !== i) return `${row.key} is at ${place} in ours, at ${i} in theirs`;
    const fault = differentPoints(ours.rows[place]!, row, how);
    if (fault) return `${row.key}: ${fault}`;
    places.delete(row.key);
  }
  const [more] = places.values();
  if (more !== undefined) return `theirs lacks ${describe(ours.rows[more]!)}`;
  if (ours.rows.length > theirs.rows.length) return 'ours names a series twice';
  if (how.words && !sameRemarks(ours.remarks, theirs.remarks))
    return `ours remarks ${JSON.stringify(ours.remarks)}, theirs ${JSON.stringify(theirs.remarks)}`;
  return undefined;
}

function sameError(ours: Answer, theirs: Answer, { words }: Comparison): boolean {
  if (ours.type !== 'error' || theirs.type !== 'error') return false;
  return !words || sameWording(ours, theirs);
}

/** Whether two errors say the same. Label sets in them are some of several, in no order. */
export function sameWording(a: { readonly text: string }, b: { readonly text: string }): boolean {
  const wording = ({ text }: { text: string }) => text.replaceAll(/\{[^{}]*\}/g, '{}');
  return wording(a) === wording(b);
}

function differentPoints(ours: Row, theirs: Row, how: Comparison): string | undefined {
  const count = Math.max(ours.t.length, theirs.t.length);
  for (let i = 0; i < count; i++)
    if (ours.t[i] !== theirs.t[i] || !sameNumber(ours.v[i]!, theirs.v[i]!, how))
      return `point ${i}: ours ${point(ours, i)}, theirs ${point(theirs, i)}`;
  return differentHistograms(ours, theirs, how);
}

function differentHistograms(ours: Row, theirs: Row, how: Comparison): string | undefined {
  const count = Math.max(ours.histograms.length, theirs.histograms.length);
  for (let i = 0; i < count; i++) {
    const [own, other] = [ours.histograms[i], theirs.histograms[i]];
    if (own?.t !== other?.t || !sameNumbers(populated(own!), populated(other!), how))
      return `histogram ${i}: ours ${own?.numbers} @${own?.t}, theirs ${other?.numbers} @${other?.t}`;
  }
  return undefined;
}

/** Without buckets that only rounding fills. */
function populated({ numbers }: Histogram): number[] {
  return numbers.filter((_, i) => i < 2 || Math.abs(numbers[i - ((i - 2) % 4) + 3]!) > residue);
}

function sameNumbers(ours: readonly number[], theirs: readonly number[], how: Comparison): boolean {
  return ours.length === theirs.length && ours.every((number, i) => sameNumber(number, theirs[i]!, how));
}

/** What is left of numbers around 1 that cancel out. */
const residue = 1e-13;

function sameNumber(a: number, b: number, { tolerance }: Comparison): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const distance = Math.abs(a - b);
  return distance <= residue || distance <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

function point({ t, v }: Row, i: number): string {
  return i < t.length ? `${formatValue(v[i]!)} @${t[i]}` : 'nothing';
}

function describe(row: Row): string {
  const points = [
    ...row.t.map((_, i) => point(row, i)),
    ...row.histograms.map(({ t, numbers }) => `{${numbers}} @${t}`),
  ];
  return `${row.key} ${points.join(', ').slice(0, 200)}`;
}

function brief(answer: Answer): string {
  if (answer.type === 'error') return `error "${answer.text}"`;
  return `${answer.type} of ${answer.rows.length}${answer.rows[0] ? ` (${describe(answer.rows[0])})` : ''}`;
}
