import { formatExpr } from '../src/index.ts';
import type { AcceptedDifference } from './accepted.ts';
import {
  eachDifference,
  hasEmptyStep,
  hasError,
  isAggregation,
  isCall,
  isMeanOrSpread,
  isSpread,
  keepingAll,
  nameless,
  sameRows,
} from './evidence.ts';
import { timesInside } from './subquery-times.ts';

/** What Prometheus 3 changed on purpose: 2.42 still answers the old way. */
export const changesOf3: readonly AcceptedDifference[] = [
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
    name: 'digits of a mean',
    reason:
      'Prometheus 3 divides a sum where 2.42 moves a mean, and adds up with Kahan’s correction in more places: of whole numbers too the last digits differ.',
    explains: (dispute) => isMeanOrSpread(dispute.expr) && dispute.tips('all'),
  },
  {
    name: 'pinned window slides',
    reason:
      'In a range query or a subquery 2.42 moves what `@` pins where another argument varies (`quantile_over_time`, `predict_linear`), and in the parameter of an aggregation. Accepted where it says what we say when asked for each step by itself.',
    explains: (dispute) =>
      dispute.ask.query.includes('@') &&
      (isCall('quantile_over_time', 'predict_linear')(dispute.expr) ||
        isAggregation('quantile', 'topk', 'bottomk')(dispute.expr)) &&
      dispute.stepsAgree(),
  },
  {
    name: 'count_values forgets a label',
    reason:
      'In a range query or a subquery 2.42 writes the new label into its own list of labels, sorted, and from the second step on has lost the last one. Accepted where it says what we say when asked for each step by itself.',
    explains: (dispute) => {
      const { expr } = dispute;
      if (expr.kind !== 'aggregation' || expr.op !== 'count_values' || expr.without) return false;
      return hasRoomForOne(expr.grouping.length) && dispute.stepsAgree();
    },
  },
  {
    name: 'atan2 keeps the name',
    reason:
      '`atan2` drops the metric name as other arithmetic does; 2.42 forgot it. Where series that differ in nothing else then clash, accepted if 2.42 refuses a sum in the place of `atan2` for the same.',
    explains: async (dispute) => {
      const { expr, ours, theirs } = dispute;
      if (expr.kind !== 'binary' || expr.op !== 'atan2') return false;
      return ours.type === 'error'
        ? hasError(await dispute.askThem(formatExpr({ ...expr, op: '+' })), ours.text)
        : sameRows(nameless(ours), nameless(theirs));
    },
  },
  {
    name: 'a fault without points',
    reason:
      'A pinned part of a subquery is evaluated by 2.42 also where the subquery has no points, and its fault counts. Accepted where we find the fault in a part that is asked for by itself.',
    explains: async (dispute) =>
      dispute.theirs.type === 'error' &&
      dispute.ours.type !== 'error' &&
      dispute.ours.rows.length === 0 &&
      (await dispute.insideSubqueries()).some(({ type }) => type === 'error'),
  },
  {
    name: 'a point too late',
    reason:
      'Of `x @ t [90s:2m]`, where no multiple of the step lies in the range, Prometheus shows the point after it.',
    explains: ({ ask, expr, ours, theirs }) =>
      expr.kind === 'subquery' &&
      timesInside(expr, ask) === undefined &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      ours.rows.length === 0 &&
      theirs.rows.every(({ t }) => t.length === 1),
  },
];

/** Whether Go's parser, whose lists double when they are full, leaves room for one more behind so many labels. */
function hasRoomForOne(labels: number): boolean {
  return labels > 0 && !Number.isInteger(Math.log2(labels));
}
