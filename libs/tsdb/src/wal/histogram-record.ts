import {
  type CounterResetHint,
  customSchema,
  type FloatHistogram,
  spansOf,
  staleHigh,
  staleLow,
  takeIndexes,
} from '@paddlewatch/model';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { encodingHistogram } from '../chunk/histogram.ts';
import { encodingOf } from '../chunk/histogram-runs.ts';
import { recordType } from './record-type.ts';

// The layout is docs/formats/wal.md, "Histograms"; put and take are twins.

const hints: readonly CounterResetHint[] = ['unknown', 'reset', 'notReset', 'gauge'];

/** A histogram of a record; undefined stands for a staleness marker. */
export type EachHistogram = (ref: number, t: number, histogram: FloatHistogram | undefined) => void;

/** Histograms on their way to the log: a record for each kind that occurs. */
export class HistogramRecords {
  readonly #records = new Map<number, HistogramRecord>();

  begin(): void {
    this.#records.clear();
  }

  put(walRef: number, t: number, histogram: FloatHistogram): void {
    const type = typeOf(histogram);
    let record = this.#records.get(type);
    if (!record) {
      record = new HistogramRecord(type, walRef, t);
      this.#records.set(type, record);
    }
    record.put(walRef, t, histogram);
  }

  *views(): Iterable<Uint8Array> {
    for (const { out } of this.#records.values()) yield out.view();
  }
}

class HistogramRecord {
  readonly out = new ByteWriter();
  readonly #whole: boolean;
  readonly #baseRef: number;
  readonly #baseTime: number;

  constructor(type: number, walRef: number, t: number) {
    this.#whole = isWholeType(type);
    this.#baseRef = walRef;
    this.#baseTime = t;
    this.out.u8(type);
    this.out.u64(walRef);
    this.out.u64(t);
  }

  put(walRef: number, t: number, histogram: FloatHistogram): void {
    const { out } = this;
    out.varint(walRef - this.#baseRef);
    out.varint(t - this.#baseTime);
    putHistogram(out, histogram, this.#whole);
  }
}

function typeOf(histogram: FloatHistogram): number {
  const whole = encodingOf(histogram) === encodingHistogram;
  if (histogram.schema === customSchema)
    return whole ? recordType.customHistograms : recordType.customFloatHistograms;
  return whole ? recordType.histograms : recordType.floatHistograms;
}

function isWholeType(type: number): boolean {
  return type === recordType.histograms || type === recordType.customHistograms;
}

/** Reads the body of a record of one of the four types. */
export function readHistograms(type: number, body: ByteReader, each: EachHistogram): void {
  if (body.left === 0) return;
  const whole = isWholeType(type);
  const baseRef = body.u64();
  const baseTime = body.i64();
  while (body.left > 0) {
    const ref = baseRef + body.varint();
    const t = baseTime + body.varint();
    each(ref, t, takeHistogram(body, whole));
  }
}

function putHistogram(out: ByteWriter, histogram: FloatHistogram, whole: boolean): void {
  const { positive, negative, customBounds } = histogram;
  out.u8(hints.indexOf(histogram.hint));
  out.varint(histogram.schema);
  out.f64(histogram.zeroThreshold);
  for (const count of [histogram.zeroCount, histogram.count]) {
    if (whole) out.uvarint(count);
    else out.f64(count);
  }
  out.f64(histogram.sum);
  for (const { index } of [positive, negative]) putSpans(out, index);
  for (const { count } of [positive, negative]) putCounts(out, count, whole);
  if (histogram.schema !== customSchema) return;
  out.uvarint(customBounds.length);
  for (const bound of customBounds) out.f64(bound);
}

function takeHistogram(body: ByteReader, whole: boolean): FloatHistogram | undefined {
  const hint = hints[body.u8()] ?? 'unknown';
  const schema = body.varint();
  const zeroThreshold = body.f64();
  const zeroCount = whole ? body.uvarint() : body.f64();
  const count = whole ? body.uvarint() : body.f64();
  const stale = isMarker(body);
  const sum = body.f64();
  const positive = takeSpans(body);
  const negative = takeSpans(body);
  const histogram = {
    hint,
    schema,
    zeroThreshold,
    zeroCount,
    count,
    sum,
    positive: { index: positive, count: takeCounts(body, positive.length, whole) },
    negative: { index: negative, count: takeCounts(body, negative.length, whole) },
    customBounds: schema === customSchema ? takeBounds(body) : [],
  };
  return stale ? undefined : histogram;
}

/** Whether the float ahead is a staleness marker. */
function isMarker(body: ByteReader): boolean {
  const { at } = body;
  const high = body.u32();
  const low = body.u32();
  body.at = at;
  return high === staleHigh && low === staleLow;
}

function putSpans(out: ByteWriter, index: Int32Array): void {
  const spans = spansOf(index);
  out.uvarint(spans.length);
  for (const { offset, length } of spans) {
    out.varint(offset);
    out.uvarint(length);
  }
}

/** Every bucket takes a byte at least. */
function takeSpans(body: ByteReader): Int32Array {
  const indexes = takeIndexes(body.uvarint(), body.left, () => ({
    offset: body.varint(),
    length: body.uvarint(),
  }));
  if (!indexes) throw new RangeError('cannot read histogram: its spans have more buckets than bytes follow');
  return indexes;
}

/** Whole counts are differences, the first one to zero. */
function putCounts(out: ByteWriter, counts: Float64Array, whole: boolean): void {
  out.uvarint(counts.length);
  for (const [i, count] of counts.entries()) {
    if (whole) out.varint(count - (i === 0 ? 0 : counts[i - 1]!));
    else out.f64(count);
  }
}

function takeCounts(body: ByteReader, expected: number, whole: boolean): Float64Array {
  const length = body.uvarint();
  // A marker has spans and no counts, or neither.
  if (length !== expected && length !== 0)
    throw new RangeError(`cannot read histogram: ${length} counts for ${expected} buckets`);
  const counts = new Float64Array(expected);
  for (let i = 0; i < length; i++)
    counts[i] = whole ? body.varint() + (i === 0 ? 0 : counts[i - 1]!) : body.f64();
  return counts;
}

function takeBounds(body: ByteReader): number[] {
  const length = body.uvarint();
  if (8 * length > body.left) throw new RangeError(`cannot read histogram: ${length} bounds`);
  return Array.from({ length }, () => body.f64());
}
