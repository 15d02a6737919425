import type { AcceptedDifference } from './accepted.ts';
import { isCall } from './evidence.ts';
import { gistOf, missing, remarkOf } from './remarks.ts';

/** Why warnings and infos may differ where the answers are the same. */
export const acceptedWords: readonly AcceptedDifference[] = [
  {
    name: 'place of an equal remark',
    reason:
      'Of parts that are the same we evaluate one and name its place; Prometheus evaluates each and names the last.',
    explains: ({ ours, theirs, ask }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      if (missing(ours.remarks, theirs.remarks).length + missing(theirs.remarks, ours.remarks).length > 0)
        return false;
      return theirs.remarks.every((text) => {
        const { words, place } = remarkOf(text);
        const same = ours.remarks.map(remarkOf).filter((own) => own.words === words);
        return same.some((own) => wordAt(ask.query, own.place) === wordAt(ask.query, place));
      });
    },
  },
  {
    name: 'remark on what nobody reads',
    reason:
      'Series that find no partner in an operation, or that an aggregation need not know, are not evaluated, so nothing is remarked on them. Accepted where a part of the query, asked for by itself, brings the remark.',
    explains: async (dispute) => {
      const { ours, theirs } = dispute;
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const known = new Set([...ours.remarks, ...(await dispute.remarksWithin())].map(gistOf));
      const theirGists = new Set(theirs.remarks.map(gistOf));
      return (
        theirs.remarks.every((text) => known.has(gistOf(text))) &&
        ours.remarks.every((text) => theirGists.has(gistOf(text)))
      );
    },
  },
  {
    name: 'only the last pair',
    reason:
      'Of the pairs of an operation that have no result, Prometheus remarks at each step on the last alone.',
    explains: ({ ours, theirs }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const extra = missing(ours.remarks, theirs.remarks);
      return (
        missing(theirs.remarks, ours.remarks).length === 0 &&
        extra.every((words) => words.includes('incompatible sample types encountered for binary operator'))
      );
    },
  },
  {
    name: 'a group that is mixed anyway',
    reason:
      'Where an aggregation meets floats and histograms, whether Prometheus also remarks that the histograms do not go together hangs on which came first.',
    explains: ({ ours, theirs }) => {
      if (ours.type === 'error' || theirs.type === 'error') return false;
      const mixed = (remarks: readonly string[]) =>
        remarks.some((text) => text.includes('mix of histograms and floats for aggregation'));
      const extra = [...missing(ours.remarks, theirs.remarks), ...missing(theirs.remarks, ours.remarks)];
      return (
        mixed(ours.remarks) &&
        mixed(theirs.remarks) &&
        extra.every((words) => /exponential and custom buckets|custom buckets were reconciled/.test(words))
      );
    },
  },
  {
    name: 'which fault comes first',
    reason:
      'Of several faults Prometheus names that of the side it evaluates first, we that of the series we read first.',
    explains: async (dispute) => {
      const { ours, theirs } = dispute;
      if (ours.type !== 'error' || theirs.type !== 'error') return false;
      return (await dispute.parts()).some((part) => part.type === 'error' && part.text === theirs.text);
    },
  },
  {
    name: 'bounds that are not looked at',
    reason:
      '`histogram_count`, `histogram_sum` and `histogram_avg` let Prometheus read histograms without their buckets, so it does not notice that custom bounds differ.',
    explains: ({ expr, ours, theirs }) =>
      isCall('histogram_count', 'histogram_sum', 'histogram_avg')(expr) &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      missing(theirs.remarks, ours.remarks).length === 0 &&
      missing(ours.remarks, theirs.remarks).every((words) =>
        words.includes('custom buckets were reconciled'),
      ),
  },
  {
    name: 'sorting a single point',
    reason:
      'A subquery of a single step is a range query to Prometheus, which remarks that sorting it is in vain.',
    explains: ({ ask, ours, theirs }) =>
      /\[[^\]]*:/.test(ask.query) &&
      ours.type !== 'error' &&
      theirs.type !== 'error' &&
      missing(ours.remarks, theirs.remarks).length === 0 &&
      missing(theirs.remarks, ours.remarks).every((words) => words.includes('sort is ineffective')),
  },
];

/** What stands at a place, up to the first thing that may be written in more than one way. */
function wordAt(query: string, place: string): string {
  const column = Number(place.split(':')[1]);
  return /^\W*\w*/.exec(query.slice(column - 1))![0];
}
