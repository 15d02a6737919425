import { formatLabels, formatValue, labelsFrom, parseValue } from '@paddlewatch/model';
import type { Value } from '../src/index.ts';

/** A result of either side, brought to one shape. */
export type Answer =
  | { readonly type: 'error'; readonly text: string }
  | { readonly type: 'scalar' | 'string' | 'vector' | 'matrix'; readonly rows: readonly Row[] };

export interface Row {
  /** The labels as text. */
  readonly key: string;
  readonly t: readonly number[];
  readonly v: readonly number[];
}

export function answerOf(value: Value): Answer {
  switch (value.type) {
    case 'scalar':
      return { type: 'scalar', rows: [{ key: '', t: [value.t], v: [value.v] }] };
    case 'string':
      return { type: 'string', rows: [{ key: value.v, t: [value.t], v: [] }] };
    case 'vector':
      return {
        type: 'vector',
        rows: value.samples.map(({ labels, t, v }) => ({ key: formatLabels(labels), t: [t], v: [v] })),
      };
    case 'matrix':
      return {
        type: 'matrix',
        rows: value.series.map(({ labels, t, v }) => ({ key: formatLabels(labels), t: [...t], v: [...v] })),
      };
  }
}

type Point = readonly [number, string];
type Metric = Record<string, string>;
type JsonResult =
  | { resultType: 'string'; result: Point }
  | { resultType: 'scalar'; result: Point }
  | { resultType: 'vector'; result: { metric: Metric; value: Point }[] }
  | { resultType: 'matrix'; result: { metric: Metric; values: Point[] }[] };

/** What the HTTP API of Prometheus answers. */
export function answerOfJson(json: unknown): Answer {
  const { data, error } = json as { data?: JsonResult; error?: string };
  if (!data) return { type: 'error', text: error ?? 'no data' };
  switch (data.resultType) {
    case 'string':
      return { type: 'string', rows: [{ key: data.result[1], t: times([data.result]), v: [] }] };
    case 'scalar':
      return { type: 'scalar', rows: [rowOf('', [data.result])] };
    case 'vector':
      return { type: 'vector', rows: data.result.map(({ metric, value }) => rowOf(keyOf(metric), [value])) };
    case 'matrix':
      return { type: 'matrix', rows: data.result.map(({ metric, values }) => rowOf(keyOf(metric), values)) };
  }
}

function keyOf(metric: Metric): string {
  return formatLabels(labelsFrom(metric));
}

function rowOf(key: string, points: readonly Point[]): Row {
  return { key, t: times(points), v: points.map(([, text]) => parseValue(text)!) };
}

function times(points: readonly Point[]): number[] {
  return points.map(([t]) => Math.round(t * 1000));
}

export interface Comparison {
  /** The order of a vector is part of the answer. */
  readonly ordered: boolean;
  /** Relative error that two ways of adding up may have. */
  readonly tolerance: number;
}

/** What differs, undefined where nothing does. */
export function difference(ours: Answer, theirs: Answer, how: Comparison): string | undefined {
  if (ours.type === 'error' || theirs.type === 'error')
    return ours.type === theirs.type ? undefined : `ours: ${brief(ours)}, theirs: ${brief(theirs)}`;
  if (ours.type !== theirs.type) return `ours is a ${ours.type}, theirs a ${theirs.type}`;
  const places = new Map(ours.rows.map((row, place) => [row.key, place]));
  for (const [i, row] of theirs.rows.entries()) {
    const place = places.get(row.key);
    if (place === undefined) return `ours lacks ${describe(row)}`;
    // Which of equal values comes first is nowhere said.
    if (how.ordered && !sameNumber(ours.rows[i]?.v[0] ?? NaN, row.v[0]!, how))
      return `${row.key} is not in place ${i}`;
    if (ours.type === 'matrix' && place !== i) return `${row.key} is at ${place} in ours, at ${i} in theirs`;
    const fault = differentPoints(ours.rows[place]!, row, how);
    if (fault) return `${row.key}: ${fault}`;
    places.delete(row.key);
  }
  const [more] = places.values();
  if (more !== undefined) return `theirs lacks ${describe(ours.rows[more]!)}`;
  return ours.rows.length > theirs.rows.length ? 'ours names a series twice' : undefined;
}

function differentPoints(ours: Row, theirs: Row, how: Comparison): string | undefined {
  const count = Math.max(ours.t.length, theirs.t.length);
  for (let i = 0; i < count; i++)
    if (ours.t[i] !== theirs.t[i] || !sameNumber(ours.v[i]!, theirs.v[i]!, how))
      return `point ${i}: ours ${point(ours, i)}, theirs ${point(theirs, i)}`;
  return undefined;
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
  return `${row.key} ${row.t
    .map((_, i) => point(row, i))
    .join(', ')
    .slice(0, 200)}`;
}

function brief(answer: Answer): string {
  if (answer.type === 'error') return `error "${answer.text}"`;
  return `${answer.type} of ${answer.rows.length}${answer.rows[0] ? ` (${describe(answer.rows[0])})` : ''}`;
}
