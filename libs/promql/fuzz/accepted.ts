import type { Expr } from '../src/index.ts';
import { formatExpr } from '../src/index.ts';
import { isTrim } from '../src/operators/arithmetic.ts';
import { children } from '../src/syntax/walk.ts';
import { changesOf3 } from './accepted-before-3.ts';
import { acceptedWords } from './accepted-words.ts';
import { type Answer, difference, sameWording } from './answer.ts';
import { timesOf } from './ask.ts';
import type { Dispute } from './dispute.ts';
import {
  atTime,
  boundsOf,
  eachDifference,
  hasError,
  hasFloats,
  hasHistograms,
  hasOneSidedZero,
  histogramsOf,
  holds,
  holdsCounts,
  isAggregation,
  isCall,
  isChoice,
  isOverflowing,
  losesNegative,
  nameless,
  nearNeighbours,
  sameCounts,
  sameRows,
  sameValues,
  tipsEasily,
  withKeys,
  withoutLe,
} from './evidence.ts';
import { joined, withKeptNames, withNamesBack, withoutKeptNames } from './kept-names.ts';
import type { Language } from './peer.ts';

/** The logarithm of the least normal number. */
const leastNormal = -1022 * Math.LN2;
const sameLabels = 'vector cannot contain metrics with the same labelset';

/** A reason why two right answers are not the same. It judges the smallest part of a query that differs. */
export interface AcceptedDifference {
  readonly name: string;
  readonly reason: string;
  readonly explains: (dispute: Dispute) => boolean | Promise<boolean>;
}

/** Why the other side may differ as it does. */
export function acceptedDifferences(dispute: Dispute, language: Language): readonly AcceptedDifference[] {
  if (dispute.onlyWords) return [...acceptedWords, forgottenTime, chance];
  return language === '2' ? [...ofBoth, ...changesOf3, chance] : [...ofBoth, chance];
}

const forgottenTime: AcceptedDifference = {
  name: 'a parameter forgets its time',
  reason:
    'Prometheus does not look for `@ start()` and `@ end()` in the parameter of an aggregation. Accepted where we give their answer without them.',
  explains: async (dispute) => {
    const { expr, ask } = dispute;
    if (expr.kind !== 'aggregation' || !expr.param) return false;
    const { from, to } = expr.param;
    // Blanks in their place, for remarks name places.
    const param = ask.query
      .slice(from, to)
      .replaceAll(/@ (start|end)\(\)/g, (text) => ' '.repeat(text.length));
    return dispute.agreesWith(ask.query.slice(0, from) + param + ask.query.slice(to));
  },
};

const ofBoth: readonly AcceptedDifference[] = [
  {
    name: 'rounding decides',
    reason:
      'Sums in another order differ in their last digits, which `==`, `floor`, `sin` of large numbers or a variance near zero blow up. Accepted only where our own answer tips when samples move by 1e-13 of their value: fractions, or whole numbers too where they overflow, are compared after a calculation, or make a counter of what was calculated.',
    explains: (dispute) => dispute.tips(tipsEasily(dispute) ? 'all' : 'fractions'),
  },
  {
    name: 'digits of a part',
    reason:
      'A mean (moving in 2.42) or an angle may differ in its last digit, which `minute`, `floor` or `%` blow up. Accepted where we give their answer with their numbers in place of the parts.',
    explains: (dispute) => dispute.digitsAgree(),
  },
  {
    name: 'digits of a subquery',
    reason:
      'What a subquery computes may differ in its last digits, which the difference of large numbers shows. Accepted where the answers differ by less than a millionth, and ours tips when what is inside moves by 1e-13 of its value.',
    explains: async (dispute) =>
      difference(dispute.ours, dispute.theirs, { ordered: false, tolerance: 1e-6, words: false }) ===
        undefined && dispute.tipsInside(),
  },
  {
    name: 'digits of a trend',
    reason:
      'A straight line through numbers far from zero (times) loses digits, and through infinities or numbers near the largest it overflows. Prometheus reckons in seconds, we in milliseconds, and 2.42 corrects infinity by NaN. Where a line is flat there remains a tiny slope, of which an infinite length makes an infinity.',
    explains: async (dispute) => {
      const { expr, ours, theirs } = dispute;
      if (expr.kind !== 'call' || !isCall('deriv', 'predict_linear')(expr)) return false;
      if (difference(ours, theirs, { ordered: false, tolerance: 1e-7, words: false }) === undefined)
        return true;
      const [points] = expr.args as [Expr, ...Expr[]];
      const slopes = await dispute.askUs(formatExpr({ ...expr, func: 'deriv', args: [points] }));
      const isFlat = ({ key, t }: { key: string; t: number }) =>
        slopes.type !== 'error' &&
        slopes.rows.some((row) => row.key === key && row.v[row.t.indexOf(t)] === 0);
      if (
        eachDifference(
          dispute,
          (own, their, at) => Number.isNaN(own) && !Number.isFinite(their) && isFlat(at),
        )
      )
        return true;
      const sum = await dispute.askUs(formatExpr({ ...expr, func: 'sum_over_time', args: [points] }));
      const overflows =
        isOverflowing(dispute) ||
        (sum.type !== 'error' && sum.rows.some(({ v }) => !v.every(Number.isFinite)));
      return (
        overflows && eachDifference(dispute, (own, their) => !Number.isFinite(own) && !Number.isFinite(their))
      );
    },
  },
  {
    name: 'logarithm of a subnormal',
    reason:
      'Of numbers below 2.2e-308 Go’s assembly for amd64 takes a wrong logarithm, one between those of 2⁻¹⁰²³ and 2⁻¹⁰²².',
    explains: (dispute) =>
      isCall('ln')(dispute.expr) &&
      eachDifference(
        dispute,
        (own, their) => own < leastNormal && their >= leastNormal - Math.LN2 && their <= leastNormal,
      ),
  },
  {
    name: 'a change by a last digit',
    reason:
      'Two values that a subquery computes one after the other may be the same to one side, and differ in a last digit to the other. Accepted up to the number of such neighbours.',
    explains: async (dispute) => {
      const { expr } = dispute;
      if (!isCall('changes', 'resets')(expr) || children(expr)[0]?.kind !== 'subquery') return false;
      const near = Math.max(...(await dispute.everywhere()).map(nearNeighbours));
      return eachDifference(dispute, (own, their) => Math.abs(own - their) <= near);
    },
  },
  {
    name: 'digits in a label',
    reason: '`count_values` writes a number with its last digits into a label, where rounding shows.',
    explains: ({ expr, ours, theirs }) => isAggregation('count_values')(expr) && sameCounts(ours, theirs),
  },
  {
    name: 'which of equals',
    reason:
      'Of equal values `topk` and `bottomk` keep what their heap happens to hold; Prometheus replaced popping and pushing by mending the heap in place.',
    explains: async (dispute) =>
      isAggregation('topk', 'bottomk')(dispute.expr) &&
      (sameValues(dispute.ours, dispute.theirs) || (await dispute.tips('all'))),
  },
  forgottenTime,
  {
    name: 'timestamp forgets an offset',
    reason:
      'In `timestamp(x @ t offset d)` Prometheus looks at t, not at t − d, and only among what it selected for t − d. We do not copy that.',
    explains: (dispute) =>
      isCall('timestamp', 'start_timestamp')(dispute.expr) &&
      /timestamp\(.*(@.*offset|offset.*@)/.test(dispute.ask.query),
  },
  {
    name: 'a pair without a result',
    reason:
      'Where an operator means nothing between a histogram and what it meets, Prometheus forgets that the two met: it fills in for a partner that is there, and finds no fault with rivals.',
    explains: async (dispute) => {
      const { expr, ours } = dispute;
      const isConcerned = hasError(ours, 'multiple matches for labels') || /\bfill/.test(dispute.ask.query);
      if (expr.kind !== 'binary' || !isConcerned) return false;
      return isTrim(expr.op) || (await dispute.within()).some(hasHistograms);
    },
  },
  {
    name: 'a pinned subquery beside an argument',
    reason:
      '`predict_linear(x[5m:1m] @ t, v)`, and `quantile_over_time(v, x[5m:1m] @ t)` unless v is written as a number, give nothing in Prometheus.',
    explains: ({ expr, theirs }) =>
      isCall('quantile_over_time', 'predict_linear')(expr) &&
      children(expr).some((arg) => arg.kind === 'subquery' && arg.at !== undefined) &&
      theirs.type !== 'error' &&
      theirs.rows.length === 0,
  },
  {
    name: 'which come first',
    reason:
      'In a range query `limitk` takes what the map of a function’s results hands out first; there must be as many at each step, and of those it may take.',
    explains: async (dispute) => {
      const { expr, ask } = dispute;
      if (expr.kind !== 'aggregation' || expr.op !== 'limitk') return false;
      return ask.kind === 'range' && expr.expr.kind !== 'vector' && (await isChoice(dispute));
    },
  },
  {
    name: 'a fault that nobody meets',
    reason:
      'Where one side of an operation is empty the other is not evaluated, and its faults do not count. Accepted where a part of the query, asked for by itself, has a fault with us, and that fault with either.',
    explains: async (dispute) => {
      const { ours, theirs } = dispute;
      if (ours.type === 'error' || theirs.type !== 'error') return false;
      const parts = await dispute.everywhere();
      if (!parts.some((part) => part.type === 'error')) return false;
      const either = [...parts, ...(await dispute.theirParts())];
      return either.some((part) => part.type === 'error' && sameWording(part, theirs));
    },
  },
  {
    name: 'a doomed name comes back',
    reason:
      'With delayed name removal `info` and operations between vectors bring back the names that a function inside has marked for removal.',
    explains: async (dispute) => {
      const { expr, delayedNames, ours, theirs } = dispute;
      if (!delayedNames || !(isCall('info')(expr) || expr.kind === 'binary')) return false;
      return hasError(ours, sameLabels)
        ? sameRows(withNamesBack(await dispute.askUs(withKeptNames(dispute.ask.query))), theirs)
        : sameRows(joined(nameless(ours)), joined(nameless(theirs)));
    },
  },
  {
    name: 'resets of a gauge',
    reason:
      'Of gauges `histogram_count`, `histogram_sum` and `histogram_avg` show Prometheus no buckets, so a fall in one of them is no reset there. Accepted beside the warning that it is no counter.',
    explains: ({ expr, theirs }) =>
      isCall('histogram_count', 'histogram_sum', 'histogram_avg')(expr) &&
      theirs.type !== 'error' &&
      theirs.remarks.some((text) => text.includes('is not a counter')),
  },
  {
    name: 'quantile beside NaN',
    reason:
      'Where a native histogram has observed NaN, Prometheus counts its buckets to remark on that, and then interpolates in the last of them instead of the one it had found.',
    explains: async (dispute) =>
      isCall('histogram_quantile', 'histogram_quantiles')(quantileWithin(dispute.expr)) &&
      (await beneathQuantile(dispute)).flatMap(histogramsOf).some(({ numbers }) => Number.isNaN(numbers[1])),
  },
  {
    name: 'sides of a zero bucket',
    reason:
      'A zero bucket has no negative half where there are positive buckets alone, and Prometheus counts the empty ones that its storage has put between others.',
    explains: async (dispute) => {
      const { expr } = dispute;
      const isCut = expr.kind === 'binary' && isTrim(expr.op);
      return (isCut ? await dispute.parts() : await beneathQuantile(dispute)).some(hasOneSidedZero);
    },
  },
  {
    name: 'a bucket that is gone',
    reason:
      'A populated bucket that is gone is a reset to Prometheus, also where it counted below zero, but not if the storage has left an empty one in its place. Accepted where such a bucket goes.',
    explains: async (dispute) =>
      isCall('rate', 'increase', 'irate', 'resets')(dispute.expr) &&
      (await dispute.everywhere()).some(losesNegative),
  },
  {
    name: 'info of shifted samples',
    reason:
      'We look info series up at the time of which the samples speak, in `@` and offsets of subqueries and computed ones too; Prometheus minds only those written at the first selector.',
    explains: ({ expr, ask }) => isCall('info')(expr) && /@|offset/.test(ask.query),
  },
  {
    name: 'mean of infinite histograms',
    reason: 'Where histograms hold infinities, NaN or infinity is the mean, by how the sum overflows.',
    explains: async (dispute) =>
      (isAggregation('avg')(dispute.expr) || isCall('avg_over_time')(dispute.expr)) &&
      [dispute.ours, dispute.theirs].every(
        (answer) =>
          answer.type !== 'error' &&
          answer.rows.some(({ histograms }) =>
            histograms.some(({ numbers }) => !Number.isFinite(numbers[1])),
          ),
      ),
  },
  {
    name: 'the last bucket is empty',
    reason:
      'Of counts below zero no bucket reaches the rank of a quantile. We answer with a bound of the last that is populated, Prometheus with that of an empty one that its storage has put there.',
    explains: async (dispute) => {
      if (!isCall('histogram_quantile', 'histogram_quantiles')(dispute.expr)) return false;
      const histograms = (await dispute.parts()).flatMap(histogramsOf);
      const bounds = new Set(
        histograms.filter(({ numbers }) => numbers[0]! < 0).flatMap(({ numbers }) => boundsOf(numbers)),
      );
      return eachDifference(dispute, (own) => bounds.has(own));
    },
  },
  {
    name: 'empty buckets',
    reason:
      'Histograms are equal to Prometheus only where their empty buckets are, which its storage puts between others as it likes.',
    explains: async (dispute) =>
      dispute.expr.kind === 'binary' &&
      /^[=!]=$/.test(dispute.expr.op) &&
      (await dispute.within()).some(hasHistograms),
  },
  {
    name: 'order of a variance',
    reason:
      'Prometheus adds up what a function gave in random order. A variance of numbers far from zero (times) shows it in the ninth digit.',
    explains: (dispute) =>
      isAggregation('stddev', 'stdvar')(dispute.expr) &&
      difference(dispute.ours, dispute.theirs, { ordered: false, tolerance: 1e-6, words: false }) ===
        undefined,
  },
  {
    name: 'sign of a residue',
    reason:
      'What is left of histograms that cancel out has either sign, and `atan2` and the like tell by it.',
    explains: async (dispute) =>
      dispute.expr.kind === 'binary' &&
      (await dispute.parts()).some(
        (part) =>
          part.type !== 'error' &&
          part.rows.some(({ v }) => v.some((value) => value !== 0 && Math.abs(value) < 1e-13)),
      ),
  },
  {
    name: 'le of a native histogram',
    reason:
      'A label `le` that was written onto a native histogram stays on its quantile in Prometheus; with us it goes, as from buckets.',
    explains: ({ expr, ask, ours, theirs }) =>
      isCall('histogram_quantile', 'histogram_quantiles', 'histogram_fraction')(expr) &&
      /label_(replace|join)\(/.test(ask.query) &&
      difference(ours, withKeys(theirs, withoutLe), { ordered: false, tolerance: 1e-9, words: false }) ===
        undefined,
  },
  {
    name: 'series that take turns',
    reason:
      'Series that became the same are one with us, as long as no step has two of them; Prometheus refuses them in range queries, unless it drops names at the end. Accepted where it says what we say when asked for each step by itself.',
    explains: (dispute) =>
      hasError(dispute.theirs, sameLabels) && dispute.ours.type !== 'error' && dispute.stepsAgree(),
  },
  {
    name: 'a float and a histogram at once',
    reason:
      'Where labels become the same, in `label_join`, `label_replace` and wherever names go late, Prometheus misses that two series meet if one has a float and the other a histogram. Accepted where the part within has both, or where we give their answer by leaving names on and then putting together what they do.',
    explains: async (dispute) => {
      if (!hasError(dispute.ours, sameLabels) || dispute.theirs.type === 'error') return false;
      if (isCall('label_join', 'label_replace')(dispute.expr))
        return (await dispute.parts()).some((part) => hasHistograms(part) && hasFloats(part));
      return (
        dispute.delayedNames &&
        sameRows(withoutKeptNames(await dispute.askUs(withKeptNames(dispute.ask.query))), dispute.theirs)
      );
    },
  },
  {
    name: 'a clash that is forgotten',
    reason:
      'Where names go late, Prometheus looks for series of the same labels when the query ends; what an aggregation made of them before is not refused. Accepted where it refuses a part that is asked for by itself.',
    explains: async (dispute) =>
      dispute.delayedNames &&
      hasError(dispute.ours, sameLabels) &&
      dispute.theirs.type !== 'error' &&
      (await dispute.theirParts()).some((part) => hasError(part, sameLabels)),
  },
  {
    name: 'a counter behind a gauge',
    reason:
      'The storage of Prometheus notes of a counter that follows a gauge histogram that it was not reset, whatever its buckets say. Accepted where the window has histograms and we count more.',
    explains: async (dispute) => {
      if (!isCall('resets')(dispute.expr) || !eachDifference(dispute, (ours, theirs) => ours > theirs))
        return false;
      const [last, most] = await Promise.all(
        ['last_over_time(', 'max_over_time('].map((call) =>
          dispute.askUs(dispute.ask.query.replace('resets(', call)),
        ),
      );
      return (
        hasHistograms(last!) ||
        (most!.type !== 'error' && most!.remarks.some((text) => text.includes('ignored histograms')))
      );
    },
  },
  {
    name: 'zero bucket across a change of schema',
    reason:
      'What a zero bucket has swallowed stays in the buckets when Prometheus brings them to a coarser schema; where the zero bucket ends within a coarser bucket, these observations count twice, and a zero bucket that grows on swallows them again. Accepted where counts and sums are the same, and our buckets hold what the histogram counts.',
    explains: (dispute) => addsHistograms(dispute.expr) && holdsCounts(dispute),
  },
];

const looksInto = isCall('histogram_quantile', 'histogram_quantiles', 'histogram_fraction');

/** What looks into buckets: the expression, or the first within. */
function quantileWithin(expr: Expr): Expr {
  return looksInto(expr) ? expr : (children(expr).map(quantileWithin).find(looksInto) ?? expr);
}

/** What a quantile is taken of; all parts of a query around one that itself cannot be asked for, as its labels clash. */
async function beneathQuantile(dispute: Dispute): Promise<Answer[]> {
  if (looksInto(dispute.expr)) return dispute.parts();
  if (!dispute.delayedNames || !looksInto(quantileWithin(dispute.expr))) return [];
  const within = await dispute.within();
  return within.some((part) => hasError(part, sameLabels)) ? within : [];
}

function addsHistograms(expr: Expr): boolean {
  const overTime = isCall('rate', 'increase', 'delta', 'irate', 'idelta', 'sum_over_time', 'avg_over_time');
  return overTime(expr) || isAggregation('sum', 'avg')(expr) || expr.kind === 'binary';
}

const chance: AcceptedDifference = {
  name: 'not the same twice',
  reason:
    'Prometheus picks and adds up in an order that its maps hand out by chance. Accepted where, asked the same again, it gives at each step what we give, now or then; or where it gives a third answer to a query that picks series.',
  explains: async (dispute) => {
    const { ours, theirs, ask, expr } = dispute;
    const open = new Set(timesOf(ask));
    let wavers = false;
    for await (const answer of dispute.theirOtherAnswers(24)) {
      if (!dispute.differ(ours, answer)) return true;
      wavers ||= dispute.differ(theirs, answer);
      for (const time of open)
        if (!dispute.differ(atTime(ours, time), atTime(answer, time))) open.delete(time);
    }
    return wavers && (open.size === 0 || holds(expr, isAggregation('topk', 'bottomk', 'limitk')));
  },
};
