import { compareLabels, type Labels, labelsKey, labelsToRecord, type Matcher } from '@paddlewatch/model';
import { encodeData, truncated } from './encode-result.ts';
import type { LookupJob } from './job.ts';

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
  const items = job.kind === 'series' ? await seriesOf(job, index) : await textsOf(job, index);
  const cut = job.limit > 0 && items.length > job.limit;
  return encodeData(cut ? items.slice(0, job.limit) : items, cut ? [truncated] : []);
}

/** One item more than the limit shows that there are more. */
function most({ limit }: LookupJob): number {
  return limit > 0 ? limit + 1 : Infinity;
}

async function textsOf(job: Exclude<LookupJob, { kind: 'series' }>, index: LabelIndex): Promise<string[]> {
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

async function seriesOf(job: LookupJob, index: LabelIndex): Promise<Record<string, string>[]> {
  const found = new Map<string, Labels>();
  for (const matchers of job.selectors)
    for (const labels of await index.series(matchers, job.mint, job.maxt, most(job)))
      found.set(labelsKey(labels), labels);
  return [...found.values()].sort(compareLabels).map(labelsToRecord);
}
