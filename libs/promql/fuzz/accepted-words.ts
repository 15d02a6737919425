import { isDeepStrictEqual } from 'node:util';
import type { AcceptedDifference } from './accepted.ts';
import type { Row } from './answer.ts';
import { timesOf } from './ask.ts';
import { hasError, hasHistograms, held, holds, isAggregation, isCall } from './evidence.ts';
import { gistOf, joinedFalls, missing, remarkOf, sameRemarks } from './remarks.ts';

const isSubquery = /\[[^\]]*:/;

/** Why warnings and infos may differ where the answers are the same. */
export const acceptedWords: readonly AcceptedDifference[] = [
  {
    name: 'place of an equal remark',
    reason:
      'Of parts that are the same we evaluate one and name its place; Prometheus evaluates each and names the last. And it has forgotten the place of a subquery that a function looks into: 1:1.',
    explains: ({ ours, theirs, ask }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      if (missing(ours.remarks, theirs.remarks).length + missing(theirs.remarks, ours.remarks).length > 0)
        return false;
      return theirs.remarks.every((text) => {
        const { words, place } = remarkOf(text);
        const same = ours.remarks.map(remarkOf).filter((own) => own.words === words);
        const ofSubquery = place === '1:1' && isSubquery.test(ask.query);
        return ofSubquery || same.some((own) => wordAt(ask.query, own.place) === wordAt(ask.query, place));
      });
    },
  },
  {
    name: 'buckets that fall in several places',
    reason:
      'Where buckets had to be lifted in several places of a query, Prometheus tells of all in one remark, with the widest range and the largest fall. Accepted where ours say the same when they are put together.',
    explains: ({ ours, theirs }) =>
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      isDeepStrictEqual(joinedFalls(ours.remarks), joinedFalls(theirs.remarks)),
  },
  {
    name: 'remark on what nobody reads',
    reason:
      'Series that find no partner in an operation, or that an aggregation need not know, are not evaluated, so nothing is remarked on them. Accepted where a part of the query, asked for by itself, brings the remark.',
    explains: async (dispute) => {
      const { ours, theirs } = dispute;
      if (ours.type === 'error' || theirs.type === 'error') return false;
      if (missing(theirs.remarks, ours.remarks).length === 0) return false;
      const known = new Set([...ours.remarks, ...(await dispute.remarksEverywhere())].map(gistOf));
      const theirGists = new Set(theirs.remarks.map(gistOf));
      return (
        theirs.remarks.every((text) => known.has(gistOf(text))) &&
        ours.remarks.every((text) => theirGists.has(gistOf(text)) || isOfPair(text) || isOfLayout(text))
      );
    },
  },
  {
    name: 'only the last pair',
    reason:
      'Of the pairs of an operation that deserve a remark, Prometheus gives at each step that of the last one alone.',
    explains: ({ expr, ours, theirs }) => {
      const isBinary = holds(expr, ({ kind }) => kind === 'binary');
      if (!isBinary || ours.type === 'error' || theirs.type === 'error') return false;
      const [extra, lacking] = [missing(ours.remarks, theirs.remarks), missing(theirs.remarks, ours.remarks)];
      const isOfSum = (words: string) => words.includes('were reconciled during') || isOfLayout(words);
      return lacking.every(isOfPair) && extra.every((words) => isOfPair(words) || isOfSum(words));
    },
  },
  {
    name: 'a group that is mixed anyway',
    reason:
      'Where floats and histograms, or histograms of unlike buckets, leave a sum without a result, what else Prometheus remarks on it hangs on what came first.',
    explains: ({ expr, ours, theirs }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const extra = [...missing(ours.remarks, theirs.remarks), ...missing(theirs.remarks, ours.remarks)];
      const isMixed = (text: string) =>
        /histograms and floats for aggregation|exponential and custom buckets/.test(text);
      const isSum =
        holds(expr, isAggregation('sum', 'avg')) || isCall('sum_over_time', 'avg_over_time')(expr);
      return (
        isSum &&
        [...ours.remarks, ...theirs.remarks].some(isMixed) &&
        extra.every((words) => isMixed(words) || words.includes('custom buckets were reconciled'))
      );
    },
  },
  {
    name: 'place of a parse error',
    reason:
      'Of a label that stands in both clauses, Prometheus names the place that its parser has read last, which what stands before may shift.',
    explains: ({ ours, theirs }) =>
      hasError(ours, 'must not occur in ON and GROUP clause at once') &&
      hasError(theirs, 'must not occur in ON and GROUP clause at once'),
  },
  {
    name: 'which fault comes first',
    reason:
      'Of several faults Prometheus names that of the side it evaluates first, we that of the series we read first; and pairs without a result are no rivals there.',
    explains: async (dispute) => {
      const { ours, theirs } = dispute;
      if (ours.type !== 'error' || theirs.type !== 'error') return false;
      const parts = await dispute.everywhere();
      const isUnmet = hasError(ours, 'multiple matches for labels') && parts.some(hasHistograms);
      return isUnmet || parts.some((part) => part.type === 'error');
    },
  },
  {
    name: 'buckets that are not looked at',
    reason:
      '`histogram_count`, `histogram_sum` and `histogram_avg` let Prometheus read histograms without their buckets, so it does not notice that custom bounds differ, and knows less of resets.',
    explains: ({ expr, ours, theirs }) =>
      holds(expr, isCall('histogram_count', 'histogram_sum', 'histogram_avg')) &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      [...missing(ours.remarks, theirs.remarks), ...missing(theirs.remarks, ours.remarks)].every((words) =>
        /custom buckets were reconciled|conflicting counter resets/.test(words),
      ),
  },
  {
    name: 'sorting a single point',
    reason:
      'Whether a subquery with a single point is a range query, of which Prometheus remarks that sorting it is in vain, hangs on where its ends lie; of what is pinned to a time, on the function within.',
    explains: ({ ask, ours, theirs }) =>
      (isSubquery.test(ask.query) || ask.query.includes('@') || timesOf(ask).length === 1) &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      [...missing(ours.remarks, theirs.remarks), ...missing(theirs.remarks, ours.remarks)].every((words) =>
        words.includes('sort is ineffective'),
      ),
  },
  {
    name: 'place of a remark on NaN',
    reason:
      'Prometheus 3.14.0 places it at the first argument of the function; its own scripts, which we follow, at the histograms.',
    explains: ({ expr, ours, theirs }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const others = (remarks: readonly string[]) =>
        remarks.filter((text) => !text.includes('has NaN observations'));
      return (
        isCall('histogram_quantile', 'histogram_fraction')(expr) &&
        missing(ours.remarks, theirs.remarks).length + missing(theirs.remarks, ours.remarks).length === 0 &&
        sameRemarks(others(ours.remarks), others(theirs.remarks))
      );
    },
  },
  {
    name: 'NaN by a last digit',
    reason:
      'That a histogram has observed NaN shows in a count larger than its buckets hold, which in a rate the last digit may decide. Accepted where one with an undefined sum has both nearly alike.',
    explains: async (dispute) => {
      const { expr, ours, theirs } = dispute;
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const extra = [...missing(ours.remarks, theirs.remarks), ...missing(theirs.remarks, ours.remarks)];
      return (
        isCall('histogram_quantile', 'histogram_fraction')(expr) &&
        extra.every((words) => words.includes('has NaN observations')) &&
        (await dispute.parts()).some((part) => part.type !== 'error' && part.rows.some(isNearlyFull))
      );
    },
  },
  {
    name: 'resets of a gauge',
    reason:
      'Where a counter function meets gauges whose custom bounds change, what is a reset, and with it what is reconciled, follows no rule. Accepted beside the warning that it is no counter.',
    explains: ({ ours, theirs }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const extra = [...missing(ours.remarks, theirs.remarks), ...missing(theirs.remarks, ours.remarks)];
      return (
        theirs.remarks.some((text) => text.includes('is not a counter')) &&
        extra.every((words) => words.includes('custom buckets were reconciled'))
      );
    },
  },
  {
    name: 'remark on what need not be looked at',
    reason: 'To know that something is not absent we look at the first series alone.',
    explains: ({ expr, ours, theirs }) =>
      holds(expr, isCall('absent', 'absent_over_time')) &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      missing(ours.remarks, theirs.remarks).length === 0,
  },
];

/** Of the pairs of an operation, which are told one by one or not: see «only the last pair». */
function isOfPair(words: string): boolean {
  return words.includes('incompatible sample types encountered');
}

/** Of a pair whose buckets do not go together, told as such pairs are. */
function isOfLayout(words: string): boolean {
  return words.includes('incompatible bucket layout');
}

/** What stands at a place, up to the first thing that may be written in more than one way. */
function wordAt(query: string, place: string): string {
  const column = Number(place.split(':')[1]);
  return /^\W*\w*/.exec(query.slice(column - 1))![0];
}

/** Whether of any histogram with an undefined sum the buckets hold all but a last digit of the count. */
function isNearlyFull({ histograms }: Row): boolean {
  return histograms.some(
    ({ numbers }) => Number.isNaN(numbers[1]) && Math.abs(numbers[0]! - held(numbers)) <= 1e-9 * numbers[0]!,
  );
}
