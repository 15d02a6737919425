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
 * Appends samples to a chunk of histograms, header included. The layout has the buckets of all its samples; a marker is
 * the last one. `hint` is what is known of the way from the chunk before.
 */
export class HistogramEncoder {
  readonly encoding: HistogramEncoding;
  readonly layout: HistogramLayout;
  readonly hint: CounterResetHint;
  readonly #out = new BitWriter();
  readonly #fields: HistogramFields;
  #t = 0;
  #step = 0;
  count = 0;

  constructor(encoding: HistogramEncoding, layout: HistogramLayout, hint: CounterResetHint) {
    this.encoding = encoding;
    this.layout = layout;
    this.hint = hint;
    this.#fields = fieldsOf(encoding, layout);
    this.#out.put(0, 16);
    this.#out.put(hints.indexOf(hint) << 6, 8);
    putLayout(this.#out, layout);
  }

  append({ t, histogram }: HistogramSample): void {
    const first = this.count === 0;
    const step = first ? 0 : t - this.#t;
    this.#out.putVarbit(first ? t : step - this.#step);
    this.#t = t;
    this.#step = step;
    if (histogram) this.#fields.put(this.#out, first, countsOf(histogram, this.layout), histogram.sum);
    else this.#fields.putStale(this.#out, first);
    this.count++;
  }

  get bits(): number {
    return this.#out.bit;
  }

  /** The chunk so far; valid until the next sample. */
  bytes(): Uint8Array<ArrayBuffer> {
    const { bytes } = this.#out;
    bytes[0] = this.count >>> 8;
    bytes[1] = this.count;
    return bytes.subarray(0, (this.bits + 7) >>> 3);
  }
}

/** A whole chunk with its header. */
export function encodeHistograms(
  encoding: HistogramEncoding,
  layout: HistogramLayout,
  hint: CounterResetHint,
  samples: readonly HistogramSample[],
): Uint8Array<ArrayBuffer> {
  const encoder = new HistogramEncoder(encoding, layout, hint);
  for (const sample of samples) encoder.append(sample);
  return encoder.bytes();
}

/** Bytes of a chunk's own header: the u16 number of samples. */
const header = 2;

/**
 * Decodes the samples with mint ≤ t ≤ maxt of a chunk in bytes [at, end), its header included; of its samples the
 * first `count`. False where the chunk is damaged.
 */
export function decodeHistograms(
  encoding: HistogramEncoding,
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  const from = new BitReader(bytes, at + header, end);
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
