import type { Expr } from '../src/ast.ts';
import { formatExpr } from '../src/index.ts';
import { children } from '../src/syntax/walk.ts';
import { type Answer, difference, type Row } from './answer.ts';
import { type Ask, timesOf } from './ask.ts';
import type { Dispute } from './dispute.ts';

/** A reason why two right answers are not the same. It judges the smallest part of a query that differs. */
export interface AcceptedDifference {
  readonly name: string;
  readonly reason: string;
  readonly explains: (dispute: Dispute) => boolean | Promise<boolean>;
}

/** Why Prometheus 2.42 may answer otherwise. Most are changes that Prometheus 3 made on purpose. */
export const acceptedDifferences: readonly AcceptedDifference[] = [
  {
    name: 'rounding decides',
    reason:
      'Sums in another order differ in their last digits, which `==`, `floor`, `sin` of large numbers or a variance near zero blow up. Accepted only where our own answer tips when samples move by 1e-13 of their value: fractions, or whole numbers too where they overflow, are compared after a calculation, or make a counter of what was calculated.',
    explains: (dispute) => dispute.tips(tipsEasily(dispute) ? 'all' : 'fractions'),
  },
  {
    name: 'empty side',
    reason:
      'Where one side of an operation is empty, Prometheus 3 looks for no partners, so it finds no duplicates on the other side either.',
    explains: async (dispute) =>
      hasError(dispute.theirs, 'found duplicate series for the match group') &&
      (await dispute.parts()).some((part) => hasEmptyStep(part, dispute.ask)),
  },
  {
    name: 'filtered rivals',
    reason:
      'Two series with one partner are an error in Prometheus 3 even where the comparison keeps at most one of them. Accepted where 2.42 refuses the same comparison once it keeps all.',
    explains: async (dispute) =>
      hasError(dispute.ours, 'multiple matches for labels') &&
      hasError(await dispute.askThem(formatExpr(keepingAll(dispute.expr))), 'multiple matches for labels'),
  },
  {
    name: 'counter that began at zero',
    reason:
      '`rate` and `increase` do not extrapolate below zero. Prometheus 3 applies that after it has cut a gap at the window’s start to half an interval, 2.42 before. Accepted where we give their answer by their formula.',
    explains: (dispute) => isCall('rate', 'increase')(dispute.expr) && dispute.oldRateAgrees(),
  },
  {
    name: 'variance of one odd value',
    reason: '`stddev` and `stdvar` of a single NaN or infinity are NaN in Prometheus 3, 0 in 2.42.',
    explains: (dispute) =>
      isAggregation('stddev', 'stdvar')(dispute.expr) &&
      eachDifference(dispute, (ours, theirs) => Number.isNaN(ours) && theirs === 0),
  },
  {
    name: 'infinite variance',
    reason: 'Where a variance overflows, 2.42 corrects infinity by NaN; Prometheus 3 gives infinity.',
    explains: (dispute) =>
      isSpread(dispute.expr) &&
      eachDifference(dispute, (ours, theirs) => !Number.isFinite(ours) && Number.isNaN(theirs)),
  },
  {
    name: 'digits of a trend',
    reason:
      'A straight line through numbers far from zero (times) loses digits, and through numbers near the largest it overflows. Prometheus reckons in seconds, we in milliseconds.',
    explains: (dispute) =>
      isCall('deriv', 'predict_linear')(dispute.expr) &&
      (difference(dispute.ours, dispute.theirs, { ordered: false, tolerance: 1e-7 }) === undefined ||
        (isOverflowing(dispute) &&
          eachDifference(dispute, (ours, theirs) => !Number.isFinite(ours) && !Number.isFinite(theirs)))),
  },
  {
    name: 'digits in a label',
    reason: '`count_values` writes a number with its last digits into a label, where rounding shows.',
    explains: ({ expr, ours, theirs }) => isAggregation('count_values')(expr) && sameNearly(ours, theirs),
  },
  {
    name: 'digits of a mean',
    reason:
      'Prometheus 3 divides a sum where 2.42 moves a mean, and adds up with Kahan’s correction in more places: of whole numbers too the last digits differ.',
    explains: (dispute) => isMeanOrSpread(dispute.expr) && dispute.tips('all'),
  },
  {
    name: 'order of a variance',
    reason:
      'Prometheus adds up what a function gave in random order. A variance of numbers far from zero (times) shows it in the ninth digit.',
    explains: (dispute) =>
      isAggregation('stddev', 'stdvar')(dispute.expr) &&
      difference(dispute.ours, dispute.theirs, { ordered: false, tolerance: 1e-6 }) === undefined,
  },
  {
    name: 'which of equals',
    reason:
      'Of equal values `topk` and `bottomk` keep what their heap happens to hold; Prometheus replaced popping and pushing by mending the heap in place.',
    explains: async (dispute) =>
      isAggregation('topk', 'bottomk')(dispute.expr) &&
      (sameValues(dispute.ours, dispute.theirs) || (await dispute.tips('all'))),
  },
  {
    name: 'pinned window slides',
    reason:
      'In a range query or a subquery 2.42 moves a window that `@` pins where another argument varies (`quantile_over_time`, `predict_linear`). Accepted where it says what we say when asked for each step by itself.',
    explains: (dispute) =>
      dispute.ask.query.includes('@') &&
      isCall('quantile_over_time', 'predict_linear')(dispute.expr) &&
      dispute.stepsAgree(),
  },
  {
    name: 'a point too late',
    reason:
      'Of `x @ t [90s:2m]`, where no multiple of the step lies in the range, Prometheus shows the point after it.',
    explains: ({ ask, expr, ours, theirs }) =>
      expr.kind === 'subquery' &&
      ask.kind === 'instant' &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      ours.rows.length === 0 &&
      theirs.rows.every(({ t }) => t.every((time) => time > ask.time)),
  },
  {
    name: 'a parameter forgets its time',
    reason:
      'Prometheus does not look for `@ start()` and `@ end()` in the parameter of an aggregation. Accepted where we give their answer without them.',
    explains: (dispute) =>
      isAggregation('topk', 'bottomk', 'quantile')(dispute.expr) &&
      dispute.agreesWith(dispute.ask.query.replace(/ @ (start|end)\(\)/, '')),
  },
  {
    name: 'atan2 keeps the name',
    reason: '`atan2` drops the metric name as other arithmetic does; 2.42 forgot it.',
    explains: ({ expr, ours, theirs }) =>
      expr.kind === 'binary' &&
      expr.op === 'atan2' &&
      difference(nameless(ours), nameless(theirs), { ordered: false, tolerance: 1e-9 }) === undefined,
  },
  {
    name: 'series that take turns',
    reason:
      'Series that became the same are one in Prometheus 3, as long as no step has two of them; 2.42 refuses them in range queries. Accepted where it says what we say when asked for each step by itself.',
    explains: (dispute) =>
      hasError(dispute.theirs, 'vector cannot contain metrics with the same labelset') &&
      dispute.ours.type !== 'error' &&
      dispute.stepsAgree(),
  },
  {
    name: 'timestamp forgets an offset',
    reason:
      'In `timestamp(x @ t offset d)` Prometheus looks at t, not at t − d, and only among what it selected for t − d. We do not copy that.',
    explains: (dispute) =>
      isCall('timestamp')(dispute.expr) && /timestamp\(.*(@.*offset|offset.*@)/.test(dispute.ask.query),
  },
];

type Kind = (expr: Expr) => boolean;

const isSpread: Kind = (expr) =>
  isAggregation('stddev', 'stdvar')(expr) || isCall('stddev_over_time', 'stdvar_over_time')(expr);
const isMeanOrSpread: Kind = (expr) =>
  isSpread(expr) || isAggregation('avg')(expr) || isCall('avg_over_time')(expr);

const isComparison: Kind = (expr) => expr.kind === 'binary' && /^[=!<>]=?$/.test(expr.op);

function isCall(...names: string[]): Kind {
  return (expr) => expr.kind === 'call' && names.includes(expr.func);
}

function isAggregation(...names: string[]): Kind {
  return (expr) => expr.kind === 'aggregation' && names.includes(expr.op);
}

/** Whether it is about numbers whose sums overflow. */
function isOverflowing({ ask: { query } }: Dispute): boolean {
  return query.includes('extreme');
}

function tipsEasily(dispute: Dispute): boolean {
  const { expr } = dispute;
  const counts = isCall('irate', 'rate', 'increase', 'resets', 'changes')(expr);
  return isOverflowing(dispute) || isComparison(expr) || (counts && children(expr)[0]?.kind === 'subquery');
}

function hasError(answer: Answer, text: string): boolean {
  return answer.type === 'error' && answer.text.includes(text);
}

/** The comparison that answers with 0 and 1 instead of leaving things out. */
function keepingAll(expr: Expr): Expr {
  return expr.kind === 'binary' ? { ...expr, bool: true } : expr;
}

function hasEmptyStep(part: Answer, ask: Ask): boolean {
  if (part.type === 'error') return false;
  return new Set(part.rows.flatMap(({ t }) => t)).size < timesOf(ask).length;
}

/** Whether the answers have the same points, and each two values are the same or differ as said. */
function eachDifference(
  { ours, theirs }: Dispute,
  isKnown: (ours: number, theirs: number) => boolean,
): boolean {
  if (ours.type === 'error' || theirs.type === 'error') return false;
  const known = new Map(ours.rows.map((row) => [row.key, row]));
  const patched = theirs.rows.map((row) => ({
    ...row,
    v: row.v.map((value, i) => {
      const own = known.get(row.key)?.v[i] ?? value;
      return isKnown(own, value) ? own : value;
    }),
  }));
  return difference(ours, { ...theirs, rows: patched }, { ordered: false, tolerance: 1e-9 }) === undefined;
}

/** Whether both have the same rows but for the last digits of numbers in their labels. */
function sameNearly(ours: Answer, theirs: Answer): boolean {
  if (ours.type === 'error' || theirs.type === 'error') return false;
  const fraction = /-?\d+\.\d+(e[-+]\d+)?/g;
  const split = (row: Row) => ({
    numbers: (row.key.match(fraction) ?? []).map(Number),
    rest: `${row.key.replaceAll(fraction, '#')} ${row.t} ${row.v}`,
  });
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  const others = theirs.rows.map(split);
  return (
    ours.rows.length === others.length &&
    ours.rows
      .map(split)
      .every(({ numbers, rest }) =>
        others.some(
          (other) => rest === other.rest && numbers.every((number, i) => near(number, other.numbers[i]!)),
        ),
      )
  );
}

function nameless(answer: Answer): Answer {
  return withKeys(answer, (key) => key.replace(/^[\w:]+(?={|$)/, '') || '{}');
}

function withKeys(answer: Answer, change: (key: string) => string): Answer {
  if (answer.type === 'error') return answer;
  const rows: Row[] = answer.rows.map((row) => ({ ...row, key: change(row.key) }));
  return { ...answer, rows };
}

/** Whether both have the same numbers at each time, whichever series bear them. */
function sameValues(ours: Answer, theirs: Answer): boolean {
  return numbersOf(ours) === numbersOf(theirs);
}

function numbersOf(answer: Answer): string {
  if (answer.type === 'error') return answer.text;
  return answer.rows
    .flatMap(({ t, v }) => t.map((time, i) => `${time}: ${v[i]}`))
    .sort()
    .join();
}
