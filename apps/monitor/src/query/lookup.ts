import { compareLabels, type Labels, labelsKey, type Matcher } from '@paddlewatch/model';
import { encodeData, encodeSeries, truncated } from './encode-result.ts';
import type { LookupJob, SeriesJob } from './job.ts';

/** The index of a storage, as far as look-ups need it. */
export interface LabelIndex {
  labelNames(matchers: readonly Matcher[], mint: number, maxt: number, limit?: number): Promise<string[]>;
  labelValues(
    name: string,
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit?: number,
  ): Promise<string[]>;
  series(matchers: readonly Matcher[], mint: number, maxt: number, limit?: number): Promise<Labels[]>;
}

/** The whole answer of `/labels`, `/label/…/values` and `/series`. */
export async function answerLookup(job: LookupJob, index: LabelIndex): Promise<Uint8Array<ArrayBuffer>> {
  if (job.kind === 'series') return encodeSeries(await seriesOf(job, index), job.limit);
  const texts = await textsOf(job, index);
  const cut = job.limit > 0 && texts.length > job.limit;
  return encodeData(cut ? texts.slice(0, job.limit) : texts, cut ? [truncated] : []);
}

/** One item more than the limit shows that there are more. */
function most({ limit }: LookupJob): number {
  return limit > 0 ? limit + 1 : Infinity;
}

async function textsOf(job: Exclude<LookupJob, SeriesJob>, index: LabelIndex): Promise<string[]> {
  const { mint, maxt } = job;
  const selectors = job.selectors.length > 0 ? job.selectors : [[]];
  const lists = await Promise.all(
    selectors.map((matchers) =>
      job.kind === 'names'
        ? index.labelNames(matchers, mint, maxt, most(job))
        : index.labelValues(job.name, matchers, mint, maxt, most(job)),
    ),
  );
  return lists.length === 1 ? lists[0]! : [...new Set(lists.flat())].sort();
}

/** Ordered by labels, each once. */
async function seriesOf(job: SeriesJob, index: LabelIndex): Promise<Labels[]> {
  const { mint, maxt } = job;
  const lists = await Promise.all(
    job.selectors.map((matchers) => index.series(matchers, mint, maxt, most(job))),
  );
  const series = lists.length === 1 ? lists[0]! : distinct(lists.flat());
  return series.sort(compareLabels);
}

function distinct(series: readonly Labels[]): Labels[] {
  return [...new Map(series.map((labels) => [labelsKey(labels), labels])).values()];
}
