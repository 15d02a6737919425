import { type FloatHistogram, spansOf, staleBits } from '@paddlewatch/model';
import { bytes, double, doubleBits, packedDoubles, signed, text, varint, whole } from './protobuf.ts';
import type { Sample, Series } from './world.ts';

/** A remote-write 1.0 request as one snappy block of literals. */
export function encodeWrite(series: readonly Series[]): Buffer {
  return snappyLiterals(Buffer.concat(series.flatMap(encodeSeries)));
}

/**
 * TimeSeries { labels = 1 { name = 1, value = 2 }, samples = 2, histograms = 4 }. The receiver takes the samples of a
 * message before its histograms, so a series that changes between them takes several messages.
 */
function encodeSeries({ labels, samples }: Series): Buffer[] {
  const names: Buffer[] = [];
  for (let i = 0; i < labels.length; i += 2)
    names.push(bytes(1, Buffer.concat([text(1, labels[i]!), text(2, labels[i + 1]!)])));
  return runsOfKind(samples).map((run) => bytes(1, Buffer.concat([...names, ...run.map(encodeSample)])));
}

function runsOfKind(samples: readonly Sample[]): Sample[][] {
  const runs: Sample[][] = [];
  for (const sample of samples) {
    const run = runs.at(-1);
    if (run && (run[0]!.h === undefined) === (sample.h === undefined)) run.push(sample);
    else runs.push([sample]);
  }
  return runs;
}

/** Sample { value double = 1, timestamp = 2 }, or a histogram. */
function encodeSample({ t, v, h }: Sample): Buffer {
  if (h) return bytes(4, encodeHistogram(t, h));
  return bytes(2, Buffer.concat([v === undefined ? doubleBits(1, staleBits) : double(1, v), whole(2, t)]));
}

const hints = { unknown: 0, reset: 1, notReset: 2, gauge: 3 } as const;

/** With float counts; spans are { offset sint32 = 1, length = 2 }. */
function encodeHistogram(t: number, h: FloatHistogram): Buffer {
  const spans = (number: number, index: Int32Array) =>
    spansOf(index).map(({ offset, length }) =>
      bytes(number, Buffer.concat([signed(1, offset), whole(2, length)])),
    );
  return Buffer.concat([
    double(2, h.count),
    double(3, h.sum),
    signed(4, h.schema),
    double(5, h.zeroThreshold),
    double(7, h.zeroCount),
    ...spans(8, h.negative.index),
    packedDoubles(10, h.negative.count),
    ...spans(11, h.positive.index),
    packedDoubles(13, h.positive.count),
    whole(14, hints[h.hint]),
    whole(15, t),
    packedDoubles(16, h.customBounds),
  ]);
}

const longestLiteral = 65_536;

function snappyLiterals(raw: Buffer): Buffer {
  const parts = [varint(raw.length)];
  for (let at = 0; at < raw.length; at += longestLiteral) {
    const literal = raw.subarray(at, at + longestLiteral);
    const tag = Buffer.from([61 << 2, 0, 0]);
    tag.writeUInt16LE(literal.length - 1, 1);
    parts.push(tag, literal);
  }
  return Buffer.concat(parts);
}
