import { allBuckets, type Bucket, type FloatHistogram, formatValue, type Labels } from '@paddlewatch/model';
import type { MatrixSeries, QueryResult, Value } from '@paddlewatch/promql';
import { quote, TextWriter, timestamp } from './text-writer.ts';

export const truncated = 'results truncated due to limit';

export interface Encoding {
  /** Series beyond it are left out, with a warning; 0 is no limit. */
  readonly limit: number;
  /** The `stats` member as JSON, where it was asked for. */
  readonly stats?: string;
}

/** The whole answer of `/query` and `/query_range`. */
export function encodeResult(result: QueryResult, { limit, stats }: Encoding): Uint8Array<ArrayBuffer> {
  const out = new TextWriter();
  out.raw('{"status":"success","data":{"resultType":"').raw(result.value.type).raw('","result":');
  const cut = writeValue(out, result.value, limit);
  if (stats !== undefined) out.raw(',"stats":').raw(stats);
  out.raw('}');
  writeRemarks(out, 'warnings', cut ? [truncated, ...result.warnings] : result.warnings);
  writeRemarks(out, 'infos', result.infos);
  return out.raw('}').finish();
}

/** The whole answer of `/series`; beyond the limit, unless it is 0, label sets are left out. */
export function encodeSeries(series: readonly Labels[], limit: number): Uint8Array<ArrayBuffer> {
  const out = new TextWriter().raw('{"status":"success","data":');
  const cut = writeList(out, series, limit, (labels) => writeLabels(out, labels));
  writeRemarks(out, 'warnings', cut ? [truncated] : []);
  return out.raw('}').finish();
}

/** The whole answer of an endpoint whose data is JSON already. */
export function encodeData(data: unknown, warnings: readonly string[] = []): Uint8Array<ArrayBuffer> {
  const out = new TextWriter().raw('{"status":"success","data":').raw(JSON.stringify(data));
  writeRemarks(out, 'warnings', warnings);
  return out.raw('}').finish();
}

/** Whether something was left out. */
function writeValue(out: TextWriter, value: Value, limit: number): boolean {
  switch (value.type) {
    case 'scalar':
      out.raw(`[${timestamp(value.t)},"${formatValue(value.v)}"]`);
      return false;
    case 'string':
      out.raw(`[${timestamp(value.t)},${quote(value.v)}]`);
      return false;
    case 'vector': {
      const now = timestamp(value.t);
      return writeList(out, value.samples, limit, ({ labels, t, v, h }) => {
        writeMetric(out, labels);
        const at = t === value.t ? now : timestamp(t);
        if (h === undefined) out.raw(',"value":[').raw(at).raw(',"').value(v).raw('"]}');
        else out.raw(`,"histogram":[${at},${histogramJson(h)}]}`);
      });
    }
    case 'matrix': {
      const heads = new PointHeads();
      return writeList(out, value.series, limit, (series) => {
        writeMetric(out, series.labels);
        writeFloats(out, series, heads.of(series.t));
        writeHistograms(out, series);
        out.raw('}');
      });
    }
  }
}

/** A key without points is left out. `heads` are those of the series' times. */
function writeFloats(out: TextWriter, { t, v }: MatrixSeries, { bytes, ends }: Heads): void {
  if (t.length === 0) return;
  for (let i = 0; i < t.length; i++) out.copy(bytes, ends[i]!, ends[i + 1]!).value(v[i]!);
  out.raw('"]]');
}

/** Texts one after the other: number i is bytes [ends[i], ends[i + 1]). */
interface Heads {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** What stands before the value of each point. Nearly all series of an answer share their times. */
class PointHeads {
  #times: Float64Array | undefined;
  #heads: Heads | undefined;

  of(times: Float64Array): Heads {
    if (this.#heads === undefined || times !== this.#times) {
      this.#times = times;
      this.#heads = headsOf(times);
    }
    return this.#heads;
  }
}

function headsOf(times: Float64Array): Heads {
  const texts = Array.from(times, (t, i) => `${i === 0 ? ',"values":[' : '"],'}[${timestamp(t)},"`);
  const ends = new Uint32Array(times.length + 1);
  for (const [i, { length }] of texts.entries()) ends[i + 1] = ends[i]! + length;
  return { bytes: Buffer.from(texts.join(''), 'latin1'), ends };
}

function writeHistograms(out: TextWriter, { histograms }: MatrixSeries): void {
  if (histograms.length === 0) return;
  for (const [i, { t, h }] of histograms.entries())
    out.raw(`${i === 0 ? ',"histograms":[' : ','}[${timestamp(t)},${histogramJson(h)}]`);
  out.raw(']');
}

/** Buckets as `[rule, lower, upper, count]`; the rule says which bounds belong to the bucket. Empty ones are left out. */
function histogramJson(histogram: FloatHistogram): string {
  const buckets = allBuckets(histogram)
    .filter(({ count }) => count !== 0)
    .map((bucket) => {
      const bounds = `"${formatValue(bucket.lower)}","${formatValue(bucket.upper)}"`;
      return `[${boundsRule(bucket)},${bounds},"${formatValue(bucket.count)}"]`;
    });
  const head = `{"count":"${formatValue(histogram.count)}","sum":"${formatValue(histogram.sum)}"`;
  return buckets.length === 0 ? `${head}}` : `${head},"buckets":[${buckets.join(',')}]}`;
}

/** 0 = (lower, upper], 1 = [lower, upper), 2 = (lower, upper), 3 = [lower, upper]. */
function boundsRule({ lowerInclusive, upperInclusive }: Bucket): 0 | 1 | 2 | 3 {
  if (upperInclusive) return lowerInclusive ? 3 : 0;
  return lowerInclusive ? 1 : 2;
}

function writeList<T>(
  out: TextWriter,
  items: readonly T[],
  limit: number,
  write: (item: T) => void,
): boolean {
  const cut = limit > 0 && items.length > limit;
  const count = cut ? limit : items.length;
  out.raw('[');
  for (let i = 0; i < count; i++) {
    if (i > 0) out.raw(',');
    write(items[i]!);
  }
  out.raw(']');
  return cut;
}

function writeMetric(out: TextWriter, labels: Labels): void {
  out.raw('{"metric":');
  writeLabels(out, labels);
}

function writeLabels(out: TextWriter, labels: Labels): void {
  out.raw('{');
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) out.raw(',');
    out
      .raw(out.quoted(labels[i]!))
      .raw(':')
      .raw(out.quoted(labels[i + 1]!));
  }
  out.raw('}');
}

function writeRemarks(out: TextWriter, name: 'warnings' | 'infos', remarks: readonly string[]): void {
  if (remarks.length > 0) out.raw(`,"${name}":${JSON.stringify(remarks)}`);
}
