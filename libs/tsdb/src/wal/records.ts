import type { FloatHistogram, Labels } from '@paddlewatch/model';
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readExemplars } from './exemplar-record.ts';
import { readHistograms } from './histogram-record.ts';
import { readMetadata, type SeriesMetadata } from './metadata-record.ts';
import { isKnownRecord, recordType } from './record-type.ts';

// The layout is docs/formats/wal.md, "Records".

export function beginSeries(out: ByteWriter): void {
  out.u8(recordType.series);
}

export function putSeries(out: ByteWriter, ref: number, labels: Labels): void {
  out.u64(ref);
  out.uvarint(labels.length / 2);
  for (const text of labels) out.string(text);
}

export function readSeries(body: ByteReader, each: (ref: number, labels: string[]) => void): void {
  while (body.left > 0) {
    const ref = body.u64();
    const labels: string[] = [];
    for (let n = body.uvarint(); n > 0; n--) labels.push(body.string(), body.string());
    each(ref, labels);
  }
}

export function beginSamples(out: ByteWriter, baseRef: number, baseTime: number): void {
  out.u8(recordType.samples);
  out.u64(baseRef);
  out.u64(baseTime);
}

/** The two varints of a sample fit 32 bits in all but strange records, hence the fast path. */
export function putSample(
  out: ByteWriter,
  refDelta: number,
  timeDelta: number,
  low: number,
  high: number,
): void {
  out.reserve(28);
  const { bytes } = out;
  if (refDelta === (refDelta | 0) && timeDelta === (timeDelta | 0)) {
    out.length = putShort(bytes, putShort(bytes, out.length, refDelta), timeDelta);
  } else {
    out.varint(refDelta);
    out.varint(timeDelta);
  }
  const { length } = out;
  bytes[length] = high >>> 24;
  bytes[length + 1] = high >>> 16;
  bytes[length + 2] = high >>> 8;
  bytes[length + 3] = high;
  bytes[length + 4] = low >>> 24;
  bytes[length + 5] = low >>> 16;
  bytes[length + 6] = low >>> 8;
  bytes[length + 7] = low;
  out.length += 8;
}

/** A varint of 32 bits; returns where it ends. */
function putShort(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  while (rest > 127) {
    bytes[end++] = rest | 128;
    rest >>>= 7;
  }
  bytes[end++] = rest;
  return end;
}

export function readSamples(
  body: ByteReader,
  each: (ref: number, t: number, low: number, high: number) => void,
): void {
  if (body.left === 0) return;
  const baseRef = body.u64();
  const baseTime = body.i64();
  const { bytes, end } = body;
  while (body.at < end) {
    const at = body.at;
    let refDelta: number;
    let timeDelta: number;
    // One or two bytes of reference and one of time: nearly all samples.
    const head = bytes[at]!;
    const tail = bytes[at + 1]!;
    if (head < 128 && tail < 128) {
      refDelta = (head >>> 1) ^ -(head & 1);
      timeDelta = (tail >>> 1) ^ -(tail & 1);
      body.at = at + 2;
    } else if (head > 127 && tail < 128 && bytes[at + 2]! < 128) {
      const zigzag = (head & 127) | (tail << 7);
      refDelta = (zigzag >>> 1) ^ -(zigzag & 1);
      timeDelta = (bytes[at + 2]! >>> 1) ^ -(bytes[at + 2]! & 1);
      body.at = at + 3;
    } else {
      refDelta = body.varint();
      timeDelta = body.varint();
    }
    const i = body.take(8);
    const high = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    const low = (bytes[i + 4]! << 24) | (bytes[i + 5]! << 16) | (bytes[i + 6]! << 8) | bytes[i + 7]!;
    each(baseRef + refDelta, baseTime + timeDelta, low, high);
  }
}

export function beginTombstones(out: ByteWriter): void {
  out.u8(recordType.tombstones);
}

export function putTombstone(out: ByteWriter, ref: number, mint: number, maxt: number): void {
  out.u64(ref);
  out.varint(mint);
  out.varint(maxt);
}

export function readTombstones(
  body: ByteReader,
  each: (ref: number, mint: number, maxt: number) => void,
): void {
  while (body.left > 0) each(body.u64(), body.varint(), body.varint());
}

export interface RecordVisitor {
  series(ref: number, labels: string[]): void;
  sample(ref: number, t: number, low: number, high: number): void;
  /** Samples with mint ≤ t ≤ maxt of a series are deleted. */
  tombstone(ref: number, mint: number, maxt: number): void;
  /** Undefined stands for a staleness marker. */
  histogram(ref: number, t: number, histogram: FloatHistogram | undefined): void;
  exemplar(ref: number, t: number, value: number, labels: Labels): void;
  metadata(ref: number, metadata: SeriesMetadata): void;
  /** A record of a type that this reader does not need. */
  other(type: number): void;
}

/**
 * Hands the contents of one record to the visitor.
 * @throws RangeError where the type is unknown or the record is shorter than it says.
 */
export function readRecord(record: Uint8Array, body: ByteReader, visitor: RecordVisitor): void {
  if (!isKnownRecord(record)) throw new RangeError(`cannot read record: unknown type ${record[0]}`);
  body.reset(record, 1, record.length);
  switch (record[0]) {
    case recordType.series:
      readSeries(body, (ref, labels) => visitor.series(ref, labels));
      break;
    case recordType.samples:
      readSamples(body, (ref, t, low, high) => visitor.sample(ref, t, low, high));
      break;
    case recordType.tombstones:
      readTombstones(body, (ref, mint, maxt) => visitor.tombstone(ref, mint, maxt));
      break;
    case recordType.histograms:
    case recordType.floatHistograms:
    case recordType.customHistograms:
    case recordType.customFloatHistograms:
      readHistograms(record[0], body, (ref, t, histogram) => visitor.histogram(ref, t, histogram));
      break;
    case recordType.exemplars:
      readExemplars(body, (ref, t, value, labels) => visitor.exemplar(ref, t, value, labels));
      break;
    case recordType.metadata:
      readMetadata(body, (ref, metadata) => visitor.metadata(ref, metadata));
      break;
    default:
      visitor.other(record[0]!);
  }
}
