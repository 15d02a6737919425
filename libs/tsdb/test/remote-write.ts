import { type FloatHistogram, type Labels, type Span, spansOf } from '@paddlewatch/model';
import { snappyBound, snappyCompress } from '../src/bytes/snappy.ts';

/** One series of a request: what stands here is sent. Times in ms. */
export interface Written {
  readonly labels: Labels;
  readonly samples?: readonly (readonly [t: number, value: number])[];
  readonly histograms?: readonly (readonly [t: number, histogram: FloatHistogram])[];
  readonly exemplars?: readonly { readonly labels: Labels; readonly value: number; readonly t: number }[];
}

/** A remote-write 1.0 request (prometheus/prompb/types.proto), as one snappy block. */
export function writeRequest(series: readonly Written[]): Buffer<ArrayBuffer> {
  const plain = Buffer.concat(series.map((one) => part(1, timeSeries(one))));
  const packed = new Uint8Array(snappyBound(plain.length));
  return Buffer.from(packed.subarray(0, snappyCompress(plain, 0, plain.length, packed, 0)));
}

function timeSeries({ labels, samples = [], histograms = [], exemplars = [] }: Written): Buffer {
  return Buffer.concat([
    labelPairs(labels),
    ...samples.map(([t, value]) => part(2, double(1, value), whole(2, t))),
    ...exemplars.map((one) => part(3, labelPairs(one.labels), double(2, one.value), whole(3, one.t))),
    ...histograms.map(([t, histogram]) => part(4, histogramFields(histogram), whole(15, t))),
  ]);
}

function labelPairs(labels: Labels): Buffer {
  const pairs: Buffer[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    pairs.push(part(1, part(1, Buffer.from(labels[i]!)), part(2, Buffer.from(labels[i + 1]!))));
  }
  return Buffer.concat(pairs);
}

const hints = { unknown: 0, reset: 1, notReset: 2, gauge: 3 };

/** Whole counts are sent as such, as those that were scraped. */
function histogramFields(histogram: FloatHistogram): Buffer {
  const { count, zeroCount, positive, negative } = histogram;
  const isWhole = [count, zeroCount, ...positive.count, ...negative.count].every(Number.isInteger);
  const counts = isWhole
    ? [
        whole(1, count),
        whole(6, zeroCount),
        part(9, ...differences(negative.count)),
        part(12, ...differences(positive.count)),
      ]
    : [
        double(2, count),
        double(7, zeroCount),
        part(10, ...doubles(negative.count)),
        part(13, ...doubles(positive.count)),
      ];
  return Buffer.concat([
    ...counts,
    double(3, histogram.sum),
    whole(4, zigzag(histogram.schema)),
    double(5, histogram.zeroThreshold),
    ...spansOf(negative.index).map((span) => spanPart(8, span)),
    ...spansOf(positive.index).map((span) => spanPart(11, span)),
    whole(14, hints[histogram.hint]),
    part(16, ...doubles(histogram.customBounds)),
  ]);
}

function spanPart(field: number, { offset, length }: Span): Buffer {
  return part(field, whole(1, zigzag(offset)), whole(2, length));
}

function differences(counts: Float64Array): Buffer[] {
  return Array.from(counts, (count, i) => varint(zigzag(count - (counts[i - 1] ?? 0))));
}

function doubles(values: Iterable<number>): Buffer[] {
  return Array.from(values, littleEndian);
}

function part(field: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function double(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | 1), littleEndian(value)]);
}

function whole(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
