import { labelsFromPairs } from '@paddlewatch/model';
import type { PageExemplar } from '../page-exemplar.ts';
import type { FieldValue, WireReader } from './wire.ts';

// The messages of io.prometheus.client as far as scraping needs them. Field numbers are those of its metrics.proto:
// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

export const familyTypes = ['counter', 'gauge', 'summary', 'untyped', 'histogram', 'gaugehistogram'] as const;
export type FamilyType = (typeof familyTypes)[number];

export interface FamilyMessage {
  name: string;
  help: string;
  type: FamilyType;
  unit: string;
  readonly metrics: MetricMessage[];
}

export interface MetricMessage {
  /** Pairs in the order of the page. */
  readonly labels: string[];
  /** Of a counter, gauge or untyped metric. */
  value: number;
  /** Milliseconds. */
  timestamp: number | undefined;
  exemplar: PageExemplar | undefined;
  summary: SummaryMessage | undefined;
  histogram: HistogramMessage | undefined;
}

export interface SummaryMessage {
  count: number;
  sum: number;
  readonly quantiles: { quantile: number; value: number }[];
}

export interface HistogramMessage {
  count: number;
  countFloat: number;
  sum: number;
  readonly buckets: BucketMessage[];
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  zeroCountFloat: number;
  readonly negative: SideMessage;
  readonly positive: SideMessage;
  readonly exemplars: PageExemplar[];
}

/** One side of a native histogram: counts as differences where they are whole, else as floats. */
export interface SideMessage {
  readonly spans: { offset: number; length: number }[];
  readonly deltas: number[];
  readonly counts: number[];
}

export interface BucketMessage {
  count: number;
  countFloat: number;
  upperBound: number;
  exemplar: PageExemplar | undefined;
}

/** A family, which stands on the page behind its length. @throws ProtobufError */
export function readFamily(page: WireReader): FamilyMessage {
  const family: FamilyMessage = { name: '', help: '', type: 'counter', unit: '', metrics: [] };
  const message = page.part(page.varint());
  message.fields((field, value) => {
    if (field === 1) family.name = value.text();
    else if (field === 2) family.help = value.text();
    else if (field === 3)
      family.type = familyTypes[value.unsigned()] ?? message.fail('a metric type that nobody knows');
    else if (field === 4) family.metrics.push(readMetric(value.message()));
    else if (field === 5) family.unit = value.text();
  });
  return family;
}

function readMetric(message: WireReader): MetricMessage {
  const metric: MetricMessage = {
    labels: [],
    value: 0,
    timestamp: undefined,
    exemplar: undefined,
    summary: undefined,
    histogram: undefined,
  };
  message.fields((field, value) => {
    if (field === 1) readLabel(value, metric.labels);
    else if (field === 2 || field === 3 || field === 5) readNumber(value.message(), metric);
    else if (field === 4) metric.summary = readSummary(value.message());
    else if (field === 6) metric.timestamp = value.int();
    else if (field === 7) metric.histogram = readHistogram(value.message());
  });
  return metric;
}

function readLabel(pair: FieldValue, into: string[]): void {
  let name = '';
  let text = '';
  pair.message().fields((field, value) => {
    if (field === 1) name = value.text();
    else if (field === 2) text = value.text();
  });
  into.push(name, text);
}

/** A Gauge, Counter or Untyped. */
function readNumber(message: WireReader, metric: MetricMessage): void {
  message.fields((field, value) => {
    if (field === 1) metric.value = value.double();
    else if (field === 2) metric.exemplar = readExemplar(value.message());
  });
}

function readSummary(message: WireReader): SummaryMessage {
  const summary: SummaryMessage = { count: 0, sum: 0, quantiles: [] };
  message.fields((field, value) => {
    if (field === 1) summary.count = value.unsigned();
    else if (field === 2) summary.sum = value.double();
    else if (field === 3) summary.quantiles.push(readQuantile(value.message()));
  });
  return summary;
}

function readQuantile(message: WireReader): { quantile: number; value: number } {
  const quantile = { quantile: 0, value: 0 };
  message.fields((field, value) => {
    if (field === 1) quantile.quantile = value.double();
    else if (field === 2) quantile.value = value.double();
  });
  return quantile;
}

function readHistogram(message: WireReader): HistogramMessage {
  const side = (): SideMessage => ({ spans: [], deltas: [], counts: [] });
  const histogram: HistogramMessage = {
    count: 0,
    countFloat: 0,
    sum: 0,
    buckets: [],
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    zeroCountFloat: 0,
    negative: side(),
    positive: side(),
    exemplars: [],
  };
  message.fields((field, value) => {
    if (field === 1) histogram.count = value.unsigned();
    else if (field === 2) histogram.sum = value.double();
    else if (field === 3) histogram.buckets.push(readBucket(value.message()));
    else if (field === 4) histogram.countFloat = value.double();
    else if (field === 5) histogram.schema = value.signed();
    else if (field === 6) histogram.zeroThreshold = value.double();
    else if (field === 7) histogram.zeroCount = value.unsigned();
    else if (field === 8) histogram.zeroCountFloat = value.double();
    else if (field >= 9 && field <= 11) readSide(field - 9, value, histogram.negative);
    else if (field >= 12 && field <= 14) readSide(field - 12, value, histogram.positive);
    else if (field === 16) histogram.exemplars.push(readExemplar(value.message()));
  });
  return histogram;
}

/** Of the three fields of a side: spans, deltas, counts. */
function readSide(which: number, value: FieldValue, side: SideMessage): void {
  if (which === 1) value.signedInto(side.deltas);
  else if (which === 2) value.doubleInto(side.counts);
  else {
    const span = { offset: 0, length: 0 };
    value.message().fields((field, part) => {
      if (field === 1) span.offset = part.signed();
      else if (field === 2) span.length = part.unsigned();
    });
    side.spans.push(span);
  }
}

function readBucket(message: WireReader): BucketMessage {
  const bucket: BucketMessage = { count: 0, countFloat: 0, upperBound: 0, exemplar: undefined };
  message.fields((field, value) => {
    if (field === 1) bucket.count = value.unsigned();
    else if (field === 2) bucket.upperBound = value.double();
    else if (field === 3) bucket.exemplar = readExemplar(value.message());
    else if (field === 4) bucket.countFloat = value.double();
  });
  return bucket;
}

function readExemplar(message: WireReader): PageExemplar {
  const labels: string[] = [];
  let number = 0;
  let timestamp: number | undefined;
  message.fields((field, value) => {
    if (field === 1) readLabel(value, labels);
    else if (field === 2) number = value.double();
    else if (field === 3) timestamp = readTimestamp(value.message());
  });
  const pairs = Array.from(
    { length: labels.length / 2 },
    (_, i) => [labels[2 * i]!, labels[2 * i + 1]!] as const,
  );
  return { labels: labelsFromPairs(pairs), value: number, timestamp };
}

/** A google.protobuf.Timestamp, in ms. */
function readTimestamp(message: WireReader): number {
  let ms = 0;
  message.fields((field, value) => {
    if (field === 1) ms += 1000 * value.int();
    else if (field === 2) ms += Math.floor(value.int() / 1e6);
  });
  return ms;
}
