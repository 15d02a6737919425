import {
  compareLabels,
  isLegacyLabelName,
  isLegacyMetricName,
  isStale,
  type Labels,
  labelsKey,
  labelsToRecord,
  labelValue,
  mergeLabels,
  metricName,
} from '@paddlewatch/model';
import { type Queryable, SampleBuffer } from '@paddlewatch/promql';
import type { FederateJob } from './job.ts';
import { TextWriter } from './text-writer.ts';

interface Newest {
  readonly labels: Labels;
  readonly t: number;
  readonly v: number;
}

/** The newest sample of each series as a text page, sorted by name and labels, with explicit times. */
export async function answerFederation(
  job: FederateJob,
  storage: Queryable,
): Promise<Uint8Array<ArrayBuffer>> {
  const newest = await newestSamples(job, storage);
  const out = new TextWriter();
  let current: string | undefined;
  for (const { labels, t, v } of newest) {
    const name = labelValue(labels, metricName);
    if (name !== current) out.raw(`# TYPE ${textName(name)} untyped\n`);
    current = name;
    out
      .raw(sampleText(name, outward(labels, job.externalLabels)))
      .raw(' ')
      .value(v)
      .raw(` ${t}\n`);
  }
  return out.finish();
}

async function newestSamples({ selectors, mint, maxt }: FederateJob, storage: Queryable): Promise<Newest[]> {
  const found = new Map<string, Newest>();
  const querier = storage.querier(mint, maxt);
  const buffer = new SampleBuffer();
  try {
    for (const matchers of selectors) {
      const series = await querier.select(matchers, { mint, maxt, step: 0, func: '', range: 0 });
      for (let i = 0; i < series.length; i++) {
        buffer.clear();
        series.read(i, mint, maxt, buffer);
        const last = buffer.length - 1;
        if (last < 0 || isStale(buffer.words, last) || buffer.histograms[last] !== undefined) continue;
        const labels = series.labels(i);
        found.set(labelsKey(labels), { labels, t: buffer.t[last]!, v: buffer.v[last]! });
      }
    }
  } finally {
    querier.close();
  }
  return [...found.values()].sort((a, b) => compareLabels(a.labels, b.labels));
}

/** External labels where they are absent; an empty `instance` keeps the outer scrape from adding its own. */
function outward(labels: Labels, external: Readonly<Record<string, string>>): [string, string][] {
  const own = labelsToRecord(mergeLabels(labels, { [metricName]: '' }));
  return Object.entries({ instance: '', ...external, ...own }).sort(([a], [b]) => (a < b ? -1 : 1));
}

function sampleText(name: string, labels: readonly [string, string][]): string {
  const pairs = labels.map(
    ([key, value]) => `${isLegacyLabelName(key) ? key : quoted(key)}=${quoted(value)}`,
  );
  if (isLegacyMetricName(name)) return `${name}{${pairs.join(',')}}`;
  return `{${[quoted(name), ...pairs].join(',')}}`;
}

function textName(name: string): string {
  return isLegacyMetricName(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`;
}
