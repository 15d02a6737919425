import { type FloatHistogram, formatValue, isLegacyLabelName, isLegacyMetricName } from '@paddlewatch/model';
import type { PageExemplar } from '../page-exemplar.ts';
import {
  type BucketMessage,
  type FamilyMessage,
  type HistogramMessage,
  type MetricMessage,
  readFamily,
} from './messages.ts';
import { isNative, nativeHistogram } from './native-histogram.ts';
import { WireReader } from './wire.ts';

export interface ProtobufOptions {
  /** Takes native histograms where a metric has one, in place of its classic series. */
  readonly nativeHistograms: boolean;
  /** Takes the classic series of those, too. */
  readonly classicToo: boolean;
}

/** What belongs to a sample of the page and has no words in text. */
export interface SampleExtra {
  /** Stands in the place of the value. */
  readonly histogram?: FloatHistogram;
  readonly exemplars: readonly PageExemplar[];
}

/** A page of protobuf in the words of text, for PageScanner as format `protobuf`. */
export interface ProtobufPage {
  readonly text: Buffer;
  /** By the number of the sample on the page, from 1. */
  readonly extras: ReadonlyMap<number, SampleExtra>;
}

/** Reads io.prometheus.client.MetricFamily messages, each behind its length. @throws ProtobufError */
export function readProtobuf(page: Buffer, options: ProtobufOptions): ProtobufPage {
  const reader = new WireReader(page);
  const writer = new PageWriter(options);
  while (!reader.isAtEnd) writer.family(readFamily(reader), reader);
  return { text: Buffer.from(writer.lines.join('')), extras: writer.extras };
}

const noExemplars: readonly PageExemplar[] = [];

class PageWriter {
  readonly lines: string[] = [];
  readonly extras = new Map<number, SampleExtra>();
  readonly #options: ProtobufOptions;
  #samples = 0;

  constructor(options: ProtobufOptions) {
    this.#options = options;
  }

  family(family: FamilyMessage, reader: WireReader): void {
    const { name, help, type, unit, metrics } = family;
    if (name === '') reader.fail('a metric family has no name');
    const written = isLegacyMetricName(name) ? name : `"${escapeText(name)}"`;
    this.lines.push(`# TYPE ${written} ${type}\n# HELP ${written} ${escapeText(help)}\n`);
    if (unit !== '') this.lines.push(`# UNIT ${written} ${unit}\n`);
    for (const metric of metrics) {
      try {
        this.#metric(name, type, metric);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        reader.fail(`cannot read the histogram ${name}: ${error.message}`);
      }
    }
  }

  #metric(name: string, type: FamilyMessage['type'], metric: MetricMessage): void {
    const { labels, value, summary, histogram, exemplar, timestamp } = metric;
    const put = (suffix: string, more: readonly string[], number: number, exemplars = noExemplars) =>
      this.#sample(name + suffix, [...labels, ...more], number, timestamp, exemplars);
    if (histogram) this.#histogram(name, type === 'gaugehistogram', metric, histogram);
    else if (summary) {
      for (const { quantile, value } of summary.quantiles)
        put('', ['quantile', formatValue(quantile)], value);
      put('_sum', [], summary.sum);
      put('_count', [], summary.count);
    } else put('', [], value, exemplar ? [exemplar] : noExemplars);
  }

  #histogram(
    name: string,
    gauge: boolean,
    { labels, timestamp }: MetricMessage,
    message: HistogramMessage,
  ): void {
    const native = this.#options.nativeHistograms && isNative(message);
    if (native) {
      const histogram = nativeHistogram(message, gauge);
      const exemplars = message.exemplars.length > 0 ? message.exemplars : exemplarsOf(message.buckets);
      this.#sample(name, labels, 0, timestamp, timed(exemplars), histogram);
    }
    if (native && !(this.#options.classicToo && message.buckets.length > 0)) return;
    for (const { upperBound, count, countFloat, exemplar } of withInfinity(message)) {
      const bound = ['le', formatValue(upperBound)];
      const value = countFloat > 0 ? countFloat : count;
      this.#sample(
        `${name}_bucket`,
        [...labels, ...bound],
        value,
        timestamp,
        exemplar ? [exemplar] : noExemplars,
      );
    }
    this.#sample(`${name}_sum`, labels, message.sum, timestamp, noExemplars);
    this.#sample(`${name}_count`, labels, message.countFloat || message.count, timestamp, noExemplars);
  }

  #sample(
    name: string,
    labels: readonly string[],
    value: number,
    timestamp: number | undefined,
    exemplars: readonly PageExemplar[],
    histogram?: FloatHistogram,
  ): void {
    const time = timestamp === undefined ? '' : ` ${timestamp}`;
    this.lines.push(`${seriesText(name, labels)} ${formatValue(value)}${time}\n`);
    this.#samples++;
    if (histogram) this.extras.set(this.#samples, { histogram, exemplars });
    else if (exemplars.length > 0) this.extras.set(this.#samples, { exemplars });
  }
}

/** The buckets, with that of everything, which clients may leave out. */
function withInfinity({ buckets, count, countFloat }: HistogramMessage): readonly BucketMessage[] {
  if (buckets.at(-1)?.upperBound === Infinity) return buckets;
  return [...buckets, { upperBound: Infinity, count, countFloat, exemplar: undefined }];
}

function exemplarsOf(buckets: readonly BucketMessage[]): PageExemplar[] {
  return buckets.flatMap(({ exemplar }) => (exemplar ? [exemplar] : []));
}

/** Exemplars of native histograms come in no order; those without a time cannot be told from the last ones. */
function timed(exemplars: readonly PageExemplar[]): readonly PageExemplar[] {
  return exemplars.filter((one) => one.timestamp !== undefined).sort((a, b) => a.timestamp! - b.timestamp!);
}

function seriesText(name: string, labels: readonly string[]): string {
  const legacy = isLegacyMetricName(name);
  const pairs = legacy ? [] : [`"${escapeText(name)}"`];
  for (let i = 0; i < labels.length; i += 2) {
    const label = labels[i]!;
    pairs.push(
      `${isLegacyLabelName(label) ? label : `"${escapeText(label)}"`}="${escapeText(labels[i + 1]!)}"`,
    );
  }
  return `${legacy ? name : ''}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''}`;
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
