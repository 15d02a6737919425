import { type Answer, difference } from './answer.ts';
import { type Ask, stepsOf } from './ask.ts';

/** A comparison that failed, with what helps to judge it. */
export interface Dispute {
  readonly ask: Ask;
  readonly ours: Answer;
  readonly theirs: Answer;
  /** Our answers to the parts of the query, at its times. */
  readonly pieces: () => Promise<readonly Answer[]>;
  /** Whether our answer itself tips when samples move in their last digits: fractions, or all of them. */
  readonly tips: (which: 'fractions' | 'all') => Promise<boolean>;
}

/** A reason why two right answers are not the same. */
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
      'Sums in another order differ in their last digits, which `==`, `floor`, `sin` of large numbers or a variance near zero blow up. Accepted only where our own answer tips when samples move by 1e-13 of their value.',
    explains: ({ ask: { query }, tips }) => tips(query.includes('extreme') ? 'all' : 'fractions'),
  },
  {
    name: 'empty side',
    reason:
      'Where one side of an operation is empty, Prometheus 3 looks for no partners, so it finds no duplicates on the other side either.',
    explains: async ({ ask, theirs, pieces }) =>
      theirs.type === 'error' &&
      theirs.text.includes('found duplicate series for the match group') &&
      (ask.query.includes(':') || (await pieces()).some((piece) => hasEmptyStep(piece, ask))),
  },
  {
    name: 'filtered rivals',
    reason:
      'Two series with one partner are an error in Prometheus 3 even where the comparison keeps at most one of them.',
    explains: ({ ours, theirs }) =>
      theirs.type !== 'error' && ours.type === 'error' && ours.text.startsWith('multiple matches for labels'),
  },
  {
    name: 'counter that began at zero',
    reason:
      '`rate` and `increase` do not extrapolate below zero. Prometheus 3 applies that after it has cut a gap at the window’s start to half an interval, 2.42 before.',
    explains: ({ ask: { query }, theirs }) =>
      theirs.type !== 'error' &&
      /\b(rate|increase)\(/.test(query.replaceAll(/(rate|increase)\(requests_total/g, '')),
  },
  {
    name: 'variance of one odd value',
    reason: '`stddev` and `stdvar` of a single NaN or infinity are NaN in Prometheus 3, 0 in 2.42.',
    explains: async ({ ask: { query }, pieces }) =>
      /\bstd(dev|var)\b/.test(query) && (await pieces()).some(hasOddValue),
  },
  {
    name: 'digits in a label',
    reason: '`count_values` writes a number with its last digits into a label, where rounding shows.',
    explains: ({ ask: { query }, ours, theirs }) =>
      query.includes('count_values') &&
      difference(shortKeys(ours), shortKeys(theirs), { ordered: false, tolerance: 1e-9 }) === undefined,
  },
  {
    name: 'digits of a mean',
    reason:
      'Prometheus 3 divides a sum where 2.42 moves a mean, and adds up with Kahan’s correction in more places: of whole numbers too the last digits differ.',
    explains: ({ ask: { query }, tips }) => /\b(avg|std)/.test(query) && tips('all'),
  },
  {
    name: 'order of a variance',
    reason:
      'Prometheus adds up what a function gave in random order. A variance of numbers far from zero (times) shows it in the ninth digit.',
    explains: ({ ask: { query }, ours, theirs }) =>
      /\bstd/.test(query) && difference(ours, theirs, { ordered: false, tolerance: 1e-6 }) === undefined,
  },
  {
    name: 'which of equals',
    reason:
      'Of equal values `topk` and `bottomk` keep what their heap happens to hold; Prometheus replaced popping and pushing by mending the heap in place.',
    explains: ({ ask: { query }, ours, theirs, tips }) =>
      /(top|bottom)k/.test(query) && (sameValues(ours, theirs) || tips('all')),
  },
  {
    name: 'infinite variance',
    reason: 'Where a variance overflows, 2.42 corrects infinity by NaN; Prometheus 3 gives infinity.',
    explains: ({ ask: { query } }) => /\bstd/.test(query) && query.includes('extreme'),
  },
  {
    name: 'pinned window slides',
    reason:
      'In a range query or a subquery 2.42 moves a window that `@` pins where another argument varies (`quantile_over_time`, `predict_linear`).',
    explains: ({ ask: { query, kind } }) =>
      (kind === 'range' || query.includes(':')) &&
      query.includes('@') &&
      /quantile_over_time|predict_linear/.test(query),
  },
  {
    name: 'atan2 keeps the name',
    reason: '`atan2` drops the metric name as other arithmetic does; 2.42 forgot it.',
    explains: ({ ask: { query } }) => query.includes('atan2'),
  },
  {
    name: 'series that take turns',
    reason:
      'Series that became the same are one in Prometheus 3, as long as no step has two of them; 2.42 refuses them in range queries.',
    explains: ({ ask: { query, kind }, ours, theirs }) =>
      (kind === 'range' || query.includes(':')) &&
      ours.type !== 'error' &&
      theirs.type === 'error' &&
      theirs.text.includes('vector cannot contain metrics with the same labelset'),
  },
  {
    name: 'timestamp forgets an offset',
    reason:
      'In `timestamp(x @ t offset d)` Prometheus looks at t, not at t − d, and only among what it selected for t − d. We do not copy that.',
    explains: ({ ask: { query } }) => /timestamp\(.*(@.*offset|offset.*@)/.test(query),
  },
];

function hasEmptyStep(piece: Answer, ask: Ask): boolean {
  if (piece.type === 'error') return false;
  if (piece.rows.length === 0) return true;
  return new Set(piece.rows.flatMap(({ t }) => t)).size < stepsOf(ask);
}

/** Numbers in labels to nine digits. */
function shortKeys(answer: Answer): Answer {
  if (answer.type === 'error') return answer;
  const short = (key: string) => key.replaceAll(/\d+\.\d+/g, (number) => Number(number).toPrecision(9));
  return { ...answer, rows: answer.rows.map((row) => ({ ...row, key: short(row.key) })) };
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

function hasOddValue(piece: Answer): boolean {
  return piece.type !== 'error' && piece.rows.some(({ v }) => v.some((value) => !Number.isFinite(value)));
}
