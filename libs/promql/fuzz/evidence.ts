import { isDeepStrictEqual } from 'node:util';
import type { Expr } from '../src/ast.ts';
import { children } from '../src/syntax/walk.ts';
import { type Answer, difference, type Histogram, type Row } from './answer.ts';
import { type Ask, timesOf } from './ask.ts';
import type { Dispute } from './dispute.ts';

/** What an expression is. */
export type Kind = (expr: Expr) => boolean;

export const isSpread: Kind = (expr) =>
  isAggregation('stddev', 'stdvar')(expr) || isCall('stddev_over_time', 'stdvar_over_time')(expr);
export const isMeanOrSpread: Kind = (expr) =>
  isSpread(expr) || isAggregation('avg')(expr) || isCall('avg_over_time')(expr);

export const isComparison: Kind = (expr) => expr.kind === 'binary' && /^[=!<>]=?$/.test(expr.op);

export function isCall(...names: string[]): Kind {
  return (expr) => expr.kind === 'call' && names.includes(expr.func);
}

export function isAggregation(...names: string[]): Kind {
  return (expr) => expr.kind === 'aggregation' && names.includes(expr.op);
}

/** Whether it is about numbers whose sums overflow. */
export function isOverflowing({ ask: { query } }: Dispute): boolean {
  return query.includes('extreme');
}

/** Whether anything within is of a kind. */
export function holds(expr: Expr, kind: Kind): boolean {
  return kind(expr) || children(expr).some((part) => holds(part, kind));
}

/** A straight line, or a variance: of large whole numbers too they lose digits. */
const losesDigits: Kind = (expr) => isCall('deriv', 'predict_linear')(expr) || isSpread(expr);

export function tipsEasily(dispute: Dispute): boolean {
  const { expr } = dispute;
  const counts = isCall('irate', 'rate', 'increase', 'resets', 'changes')(expr);
  return (
    isOverflowing(dispute) ||
    isComparison(expr) ||
    holds(expr, losesDigits) ||
    (counts && children(expr)[0]?.kind === 'subquery')
  );
}

export function hasError(answer: Answer, text: string): boolean {
  return answer.type === 'error' && answer.text.includes(text);
}

export function hasFloats(answer: Answer): boolean {
  return answer.type !== 'error' && answer.rows.some(({ v }) => v.length > 0);
}

export function hasHistograms(answer: Answer): boolean {
  return histogramsOf(answer).length > 0;
}

export function histogramsOf(answer: Answer): Histogram[] {
  return answer.type === 'error' ? [] : answer.rows.flatMap(({ histograms }) => histograms);
}

/** Whether any histogram has a zero bucket and others on one side of it at most. */
export function hasOneSidedZero(answer: Answer): boolean {
  return histogramsOf(answer).some(({ numbers }) => {
    const bounds = boundsOf(numbers);
    const pairs = Array.from(
      { length: bounds.length / 2 },
      (_, i) => [bounds[2 * i]!, bounds[2 * i + 1]!] as const,
    );
    const zero = pairs.some(([lower, upper]) => lower < 0 && lower === -upper);
    const below = pairs.some(([, upper]) => upper <= 0);
    return zero && !(below && pairs.some(([lower]) => lower >= 0));
  });
}

/** The comparison that answers with 0 and 1 instead of leaving things out. */
export function keepingAll(expr: Expr): Expr {
  return expr.kind === 'binary' ? { ...expr, bool: true } : expr;
}

export function hasEmptyStep(part: Answer, ask: Ask): boolean {
  if (part.type === 'error') return false;
  return new Set(part.rows.flatMap(({ t }) => t)).size < timesOf(ask).length;
}

/** Whether the answers have the same points, and each two values are the same or differ as said. */
export function eachDifference(
  { ours, theirs }: Dispute,
  isKnown: (ours: number, theirs: number, at: { key: string; t: number }) => boolean,
): boolean {
  if (ours.type === 'error' || theirs.type === 'error') return false;
  const known = new Map(ours.rows.map((row) => [row.key, row]));
  const patched = theirs.rows.map((row) => ({
    ...row,
    v: row.v.map((value, i) => {
      const own = known.get(row.key)?.v[i] ?? value;
      return isKnown(own, value, { key: row.key, t: row.t[i]! }) ? own : value;
    }),
  }));
  return (
    difference(ours, { ...theirs, rows: patched }, { ordered: false, tolerance: 1e-9, words: false }) ===
    undefined
  );
}

/** Whether both count the same where numbers in labels are rounded: what a last digit keeps apart goes together. */
export function sameCounts(ours: Answer, theirs: Answer): boolean {
  if (ours.type === 'error' || theirs.type === 'error') return false;
  return isDeepStrictEqual(roundedCounts(ours.rows), roundedCounts(theirs.rows));
}

function roundedCounts(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, t, v } of rows) {
    const rounded = key.replaceAll(/-?\d+(\.\d+)?(e[-+]\d+)?/g, (text) => Number(text).toPrecision(9));
    for (const [i, time] of t.entries()) {
      const place = `${rounded} ${time}`;
      counts.set(place, (counts.get(place) ?? 0) + v[i]!);
    }
  }
  return counts;
}

/** How often at most in a series two fractions that follow on each other are the same but for their last digits. */
export function nearNeighbours(answer: Answer): number {
  if (answer.type === 'error') return 0;
  const isNear = (a: number, b: number) =>
    !Number.isInteger(a) && Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  const nearOnes = ({ v }: Row) => v.slice(1).filter((value, i) => isNear(value, v[i]!));
  return Math.max(0, ...answer.rows.map((row) => nearOnes(row).length));
}

/** What an answer has at one time. */
export function atTime(answer: Answer, time: number): Answer {
  if (answer.type === 'error') return answer;
  const rows = answer.rows.map(({ key, t, v, histograms }) => ({
    key,
    t: t.filter((at) => at === time),
    v: v.filter((_, i) => t[i] === time),
    histograms: histograms.filter((h) => h.t === time),
  }));
  return { ...answer, rows: rows.filter(({ t, histograms }) => t.length + histograms.length > 0) };
}

export function nameless(answer: Answer): Answer {
  return withKeys(answer, (key) => {
    const plain = key.replace(/^[\w:]+(?={|$)/, '') || '{}';
    return plain.replace(/^{__name__="(?:[^"\\]|\\.)*"(, )?/, '{');
  });
}

export function withKeys(answer: Answer, change: (key: string) => string): Answer {
  if (answer.type === 'error') return answer;
  const rows: Row[] = answer.rows.map((row) => ({ ...row, key: change(row.key) }));
  return { ...answer, rows };
}

/** Whether two answers are the same, whatever the order of their series. */
export function sameRows(a: Answer, b: Answer): boolean {
  const sorted = (answer: Answer): Answer =>
    answer.type === 'error'
      ? answer
      : { ...answer, rows: answer.rows.toSorted((one, other) => (one.key < other.key ? -1 : 1)) };
  return difference(sorted(a), sorted(b), { ordered: false, tolerance: 1e-9, words: false }) === undefined;
}

export function withoutLe(key: string): string {
  return key.replace(/,? ?le="[^"]*"/, '').replace('{, ', '{');
}

/** Whether counts and sums are the same, and our buckets hold those counts, or come nearer. NaN is in no bucket. */
export function holdsCounts({ ours, theirs }: Dispute): boolean {
  if (ours.type === 'error' || !sameRows(withoutBuckets(ours), withoutBuckets(theirs))) return false;
  const lack = ({ numbers }: Histogram) => Math.abs(numbers[0]! - held(numbers)) / Math.abs(numbers[0]!);
  const known = new Map(theirs.type === 'error' ? [] : theirs.rows.map((row) => [row.key, row.histograms]));
  return ours.rows.every(({ key, histograms }) =>
    histograms.every(
      (own, i) => !(lack(own) > lack(known.get(key)![i]!) + 1e-9) || Number.isNaN(own.numbers[1]),
    ),
  );
}

/** Whether in any series a bucket with a count below zero is no longer there in the next histogram. */
export function losesNegative(answer: Answer): boolean {
  if (answer.type === 'error') return false;
  return answer.rows.some(({ histograms }) =>
    histograms.slice(1).some(({ numbers }, i) => {
      const before = histograms[i]!.numbers;
      const there = new Set(upperBoundsOf(numbers));
      return before[0]! < 0 && upperBoundsOf(before).some((bound) => !there.has(bound));
    }),
  );
}

function upperBoundsOf(numbers: readonly number[]): number[] {
  return boundsOf(numbers).filter((_, i) => i % 2 === 1);
}

/** The lower and the upper bound of each bucket. */
export function boundsOf(numbers: readonly number[]): number[] {
  return numbers.slice(2).filter((_, i) => i % 4 === 1 || i % 4 === 2);
}

/** What all buckets hold together. */
export function held(numbers: readonly number[]): number {
  let all = 0;
  for (let i = 5; i < numbers.length; i += 4) all += numbers[i]!;
  return all;
}

function withoutBuckets(answer: Answer): Answer {
  if (answer.type === 'error') return answer;
  const rows = answer.rows.map((row) => ({
    ...row,
    histograms: row.histograms.map(({ t, numbers }) => ({ t, numbers: numbers.slice(0, 2) })),
  }));
  return { ...answer, rows };
}

/** Whether both have as many points at each time, and theirs are points of what is aggregated. */
export async function isChoice(dispute: Dispute): Promise<boolean> {
  const { ours, theirs } = dispute;
  const inner = (await dispute.parts()).at(-1);
  if (ours.type === 'error' || theirs.type === 'error' || !inner || inner.type === 'error') return false;
  const points = (answer: { rows: readonly Row[] }) =>
    answer.rows.flatMap(({ key, t, histograms }) =>
      [...t, ...histograms.map((point) => point.t)].map((time) => ({ key, time })),
    );
  const times = (answer: { rows: readonly Row[] }) =>
    points(answer)
      .map(({ time }) => time)
      .sort()
      .join();
  const there = new Set(points(inner).map(({ key, time }) => `${key} ${time}`));
  return (
    times(ours) === times(theirs) && points(theirs).every(({ key, time }) => there.has(`${key} ${time}`))
  );
}

/** Whether both have the same numbers at each time but for their last digits, whichever series bear them. */
export function sameValues(ours: Answer, theirs: Answer): boolean {
  return numbersOf(ours) === numbersOf(theirs);
}

function numbersOf(answer: Answer): string {
  if (answer.type === 'error') return answer.text;
  return answer.rows
    .flatMap(({ t, v }) => t.map((time, i) => `${time}: ${v[i]!.toPrecision(9)}`))
    .sort()
    .join();
}
