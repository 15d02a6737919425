import { type Matcher, metricName } from '@paddlewatch/model';
import type { Queryable } from '@paddlewatch/promql';
import { encodeData } from './encode-result.ts';
import type { CardinalityJob } from './job.ts';
import type { LabelIndex } from './lookup.ts';

interface Row {
  readonly name: string;
  readonly value: number;
}

const everything: Matcher = { type: '=~', name: metricName, value: '.+' };
const hints = { mint: -(2 ** 53), maxt: 2 ** 53, step: 0, func: '', range: 0 };

/** The whole answer of `/status/tsdb`: which names and values have the most series. */
export async function answerCardinality(
  { limit, head }: CardinalityJob,
  storage: Queryable & LabelIndex,
): Promise<Uint8Array<ArrayBuffer>> {
  const names = await storage.labelNames([], hints.mint, hints.maxt);
  const series = await storage.querier(hints.mint, hints.maxt).select([everything], hints);
  const tables = { metrics: [] as Row[], values: [] as Row[], memory: [] as Row[], pairs: [] as Row[] };
  for (const name of names) {
    const { ids, values } = series.column(name);
    const counts = countsOf(ids, values.length);
    const used = values
      .map((value, id) => ({ value, count: id === 0 ? 0 : counts[id]! }))
      .filter(({ count }) => count > 0);
    tables.values.push({ name, value: used.length });
    tables.memory.push({
      name,
      value: used.reduce((sum, { value, count }) => sum + count * Buffer.byteLength(value), 0),
    });
    for (const { value, count } of used) tables.pairs.push({ name: `${name}=${value}`, value: count });
    if (name === metricName) tables.metrics = used.map(({ value, count }) => ({ name: value, value: count }));
  }
  return encodeData({
    headStats: { ...head, numLabelPairs: tables.pairs.length },
    seriesCountByMetricName: top(tables.metrics, limit),
    labelValueCountByLabelName: top(tables.values, limit),
    memoryInBytesByLabelName: top(tables.memory, limit),
    seriesCountByLabelValuePair: top(tables.pairs, limit),
  });
}

function countsOf(ids: Uint32Array, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (const id of ids) counts[id]!++;
  return counts;
}

function top(rows: Row[], limit: number): Row[] {
  return rows.sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1)).slice(0, limit);
}
