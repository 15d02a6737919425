import { type CounterResetHint, type FloatHistogram, writeStale } from '@paddlewatch/model';
import { BitReader, BitWriter } from './bits.ts';
import { countPlace, FloatFields, type HistogramFields, WholeFields } from './histogram-fields.ts';
import { type HistogramLayout, putLayout, takeLayout } from './histogram-layout.ts';
import type { SampleSink } from './sample-sink.ts';

// The layout is docs/formats/histogram-chunk.md; encoder and decoder follow it part by part.

export const encodingHistogram = 2;
export const encodingFloatHistogram = 3;
export type HistogramEncoding = typeof encodingHistogram | typeof encodingFloatHistogram;

/** What the two highest bits of the flags say of the way from the chunk before. */
const hints: readonly CounterResetHint[] = ['unknown', 'notReset', 'reset', 'gauge'];

/** One sample; `histogram` is undefined for a staleness marker. */
export interface HistogramSample {
  readonly t: number;
  readonly histogram: FloatHistogram | undefined;
}

/**
 * A chunk with its header. The layout's buckets are the union of those of all samples; markers come last. `hint` is what
 * is known of the way from the chunk before.
 */
export function encodeHistograms(
  encoding: HistogramEncoding,
  layout: HistogramLayout,
  hint: CounterResetHint,
  samples: readonly HistogramSample[],
): Uint8Array<ArrayBuffer> {
  const out = new BitWriter();
  out.put(samples.length, 16);
  out.put(hints.indexOf(hint) << 6, 8);
  putLayout(out, layout);
  const fields = fieldsOf(encoding, layout);
  let last = 0;
  let lastStep = 0;
  for (const [i, { t, histogram }] of samples.entries()) {
    const step = i === 0 ? 0 : t - last;
    out.putVarbit(i === 0 ? t : step - lastStep);
    last = t;
    lastStep = step;
    if (histogram) fields.put(out, i === 0, countsOf(histogram, layout), histogram.sum);
    else fields.putStale(out, i === 0);
  }
  return out.bytes.slice(0, (out.bit + 7) >>> 3);
}

/**
 * Decodes the samples with mint ≤ t ≤ maxt of a chunk in bytes [at, end), its header included. False where the chunk is
 * damaged.
 */
export function decodeHistograms(
  encoding: HistogramEncoding,
  bytes: Uint8Array,
  at: number,
  end: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  const from = new BitReader(bytes, at, end);
  const count = from.take(16);
  const hint = hints[from.take(8) >>> 6]!;
  const layout = takeLayout(from);
  if (!layout) return false;
  const fields = fieldsOf(encoding, layout);
  let t = 0;
  let step = 0;
  for (let i = 0; i < count; i++) {
    if (i === 0) t = from.varbit();
    else {
      step += from.varbit();
      t += step;
    }
    if (!fields.take(from, i === 0) || from.overrun) return false;
    if (t > maxt) break;
    if (t >= mint)
      push(into, t, fields, layout, hint === 'gauge' ? hint : i > 0 ? 'notReset' : hintOfFirst(hint));
  }
  return true;
}

/** That a chunk began without a reset says nothing to who has not seen the chunk before. */
function hintOfFirst(hint: CounterResetHint): CounterResetHint {
  return hint === 'reset' ? 'reset' : 'unknown';
}

function push(
  into: SampleSink,
  t: number,
  fields: HistogramFields,
  layout: HistogramLayout,
  hint: CounterResetHint,
): void {
  into.reserve(1);
  const place = into.length++;
  into.t[place] = t;
  if (fields.sum.isStale) {
    writeStale(into.words, place);
    return;
  }
  into.v[place] = 0;
  into.histograms[place] = histogramOf(fields, layout, hint);
}

function histogramOf(
  fields: HistogramFields,
  layout: HistogramLayout,
  hint: CounterResetHint,
): FloatHistogram {
  const { counts } = fields;
  const middle = countPlace.buckets + layout.positive.length;
  return {
    hint,
    schema: layout.schema,
    zeroThreshold: layout.zeroThreshold,
    zeroCount: counts[countPlace.zero]!,
    count: counts[countPlace.count]!,
    sum: fields.sum.value,
    positive: { index: layout.positive, count: counts.slice(countPlace.buckets, middle) },
    negative: { index: layout.negative, count: counts.slice(middle) },
    customBounds: layout.customBounds,
  };
}

function fieldsOf(encoding: HistogramEncoding, { positive, negative }: HistogramLayout): HistogramFields {
  return encoding === encodingHistogram
    ? new WholeFields(positive.length, negative.length)
    : new FloatFields(positive.length, negative.length);
}

/** The counts of a sample in the order of the layout; a bucket that it does not have holds 0. */
function countsOf(histogram: FloatHistogram, layout: HistogramLayout): number[] {
  const counts = [histogram.count, histogram.zeroCount];
  for (const side of ['positive', 'negative'] as const) {
    const { index, count } = histogram[side];
    let k = 0;
    for (const wanted of layout[side]) counts.push(index[k] === wanted ? count[k++]! : 0);
  }
  return counts;
}
