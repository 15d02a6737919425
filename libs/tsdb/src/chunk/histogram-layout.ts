import { customSchema, spansOf, takeIndexes } from '@paddlewatch/model';
import type { BitReader, BitWriter } from './bits.ts';

// The layout is docs/formats/histogram-chunk.md; writer and reader follow it part by part.

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Powers of two from 2^-243 to 2^10 are one byte. */
const thresholdBias = 244;
const largestScaledBound = 33554430;

/** What all samples of a histogram chunk have in common. */
export interface HistogramLayout {
  readonly zeroThreshold: number;
  readonly schema: number;
  /** Indexes of the buckets, rising. */
  readonly positive: Int32Array;
  readonly negative: Int32Array;
  readonly customBounds: readonly number[];
}

export function putLayout(out: BitWriter, layout: HistogramLayout): void {
  putThreshold(out, layout.zeroThreshold);
  out.putVarbit(layout.schema);
  putSpans(out, layout.positive);
  putSpans(out, layout.negative);
  if (layout.schema !== customSchema) return;
  out.putUnsignedVarbit(layout.customBounds.length);
  for (const bound of layout.customBounds) putBound(out, bound);
}

/** Undefined where the chunk is damaged. */
export function takeLayout(from: BitReader): HistogramLayout | undefined {
  const zeroThreshold = takeThreshold(from);
  const schema = from.varbit();
  const positive = takeSpans(from);
  const negative = positive && takeSpans(from);
  if (!positive || !negative) return undefined;
  const customBounds: number[] = [];
  if (schema === customSchema) {
    const count = from.unsignedVarbit();
    for (let i = 0; i < count && !from.overrun; i++) customBounds.push(takeBound(from));
  }
  return from.overrun ? undefined : { zeroThreshold, schema, positive, negative, customBounds };
}

function putThreshold(out: BitWriter, threshold: number): void {
  const exponent = Math.log2(threshold);
  if (threshold === 0) out.put(0, 8);
  else if (Number.isInteger(exponent) && exponent >= -243 && exponent <= 10 && 2 ** exponent === threshold) {
    out.put(exponent + thresholdBias, 8);
  } else {
    out.put(255, 8);
    putFloat(out, threshold);
  }
}

function takeThreshold(from: BitReader): number {
  const byte = from.take(8);
  if (byte === 0) return 0;
  return byte === 255 ? takeFloat(from) : 2 ** (byte - thresholdBias);
}

function putSpans(out: BitWriter, indexes: Int32Array): void {
  const spans = spansOf(indexes);
  out.putUnsignedVarbit(spans.length);
  for (const { length, offset } of spans) {
    out.putUnsignedVarbit(length);
    out.putVarbit(offset);
  }
}

/** Every bucket takes a bit at least, so there are no more of them than bits. */
function takeSpans(from: BitReader): Int32Array | undefined {
  return takeIndexes(from.unsignedVarbit(), from.left, () => {
    const length = from.unsignedVarbit();
    const offset = from.varbit();
    return from.overrun ? undefined : { offset, length };
  });
}

function putBound(out: BitWriter, bound: number): void {
  const scaled = bound * 1000;
  if (Number.isInteger(scaled) && scaled >= 0 && scaled <= largestScaledBound)
    out.putUnsignedVarbit(scaled + 1);
  else {
    out.put(0, 1);
    putFloat(out, bound);
  }
}

function takeBound(from: BitReader): number {
  const scaled = from.unsignedVarbit();
  return scaled === 0 ? takeFloat(from) : (scaled - 1) / 1000;
}

function putFloat(out: BitWriter, value: number): void {
  float[0] = value;
  out.put(words[1]!, 32);
  out.put(words[0]!, 32);
}

function takeFloat(from: BitReader): number {
  words[1] = from.take(32);
  words[0] = from.take(32);
  return float[0]!;
}
