import { staleHigh, staleLow } from '@paddlewatch/model';
import type { BitReader, BitWriter } from './bits.ts';
import { XorField } from './xor-field.ts';

// The samples of a histogram chunk, docs/formats/histogram-chunk.md; put and take are twins.

/** Place of the count, of the zero count and of the first bucket among the counts of a sample. */
export const countPlace = { count: 0, zero: 1, buckets: 2 } as const;

/** What changes from sample to sample, but the time. `counts` has both sides' buckets, positive ones first. */
export interface HistogramFields {
  readonly counts: Float64Array;
  readonly sum: XorField;
  put(out: BitWriter, first: boolean, counts: readonly number[], sum: number): void;
  putStale(out: BitWriter, first: boolean): void;
  /** Reads the next sample into `counts` and `sum`. False where the chunk is damaged. */
  take(from: BitReader, first: boolean): boolean;
}

/** Encoding 2: whole counts, each bucket as the difference to the one before it. */
export class WholeFields implements HistogramFields {
  readonly counts: Float64Array;
  readonly sum = new XorField();
  readonly #positive: number;
  /** Count, zero count and the differences, as they stand in the stream, and their steps. */
  readonly #values: Float64Array;
  readonly #steps: Float64Array;

  constructor(positive: number, negative: number) {
    this.#positive = positive;
    this.counts = new Float64Array(countPlace.buckets + positive + negative);
    this.#values = new Float64Array(this.counts.length);
    this.#steps = new Float64Array(this.counts.length);
  }

  put(out: BitWriter, first: boolean, counts: readonly number[], sum: number): void {
    for (let i = 0; i < countPlace.buckets; i++) this.#put(out, first, i, counts[i]!);
    this.#putSum(out, first, XorField.wordsOf(sum));
    for (let i = countPlace.buckets; i < counts.length; i++) {
      this.#put(out, first, i, this.#startsSide(i) ? counts[i]! : counts[i]! - counts[i - 1]!);
    }
  }

  putStale(out: BitWriter, first: boolean): void {
    out.putVarbit(0);
    out.putVarbit(0);
    this.#putSum(out, first, { low: staleLow, high: staleHigh });
  }

  take(from: BitReader, first: boolean): boolean {
    for (let i = 0; i < countPlace.buckets; i++) this.#take(from, first, i);
    if (!takeXor(this.sum, from, first)) return false;
    if (this.sum.isStale) return true;
    for (let i = countPlace.buckets; i < this.counts.length; i++) {
      this.#take(from, first, i);
      this.counts[i] = this.#values[i]! + (this.#startsSide(i) ? 0 : this.counts[i - 1]!);
    }
    this.counts[countPlace.count] = this.#values[countPlace.count]!;
    this.counts[countPlace.zero] = this.#values[countPlace.zero]!;
    return true;
  }

  #startsSide(i: number): boolean {
    return i === countPlace.buckets || i === countPlace.buckets + this.#positive;
  }

  #put(out: BitWriter, first: boolean, i: number, value: number): void {
    const step = value - this.#values[i]!;
    this.#values[i] = value;
    if (!first) {
      out.putVarbit(step - this.#steps[i]!);
      this.#steps[i] = step;
    } else if (i < countPlace.buckets) out.putUnsignedVarbit(value);
    else out.putVarbit(value);
  }

  #take(from: BitReader, first: boolean, i: number): void {
    if (first) this.#values[i] = i < countPlace.buckets ? from.unsignedVarbit() : from.varbit();
    else {
      this.#steps[i]! += from.varbit();
      this.#values[i]! += this.#steps[i]!;
    }
  }

  #putSum(out: BitWriter, first: boolean, { low, high }: { low: number; high: number }): void {
    if (first) this.sum.putFirst(out, low, high);
    else this.sum.putNext(out, low, high);
  }
}

/** Encoding 3: every count is a float of its own. */
export class FloatFields implements HistogramFields {
  readonly counts: Float64Array;
  readonly sum = new XorField();
  readonly #fields: readonly XorField[];

  constructor(positive: number, negative: number) {
    this.counts = new Float64Array(countPlace.buckets + positive + negative);
    this.#fields = Array.from(this.counts, () => new XorField());
  }

  put(out: BitWriter, first: boolean, counts: readonly number[], sum: number): void {
    for (let i = 0; i < counts.length; i++) {
      if (i === countPlace.buckets) this.#put(out, first, this.sum, XorField.wordsOf(sum));
      this.#put(out, first, this.#fields[i]!, XorField.wordsOf(counts[i]!));
    }
    if (counts.length === countPlace.buckets) this.#put(out, first, this.sum, XorField.wordsOf(sum));
  }

  putStale(out: BitWriter, first: boolean): void {
    for (let i = 0; i < countPlace.buckets; i++) this.#put(out, first, this.#fields[i]!, { low: 0, high: 0 });
    this.#put(out, first, this.sum, { low: staleLow, high: staleHigh });
  }

  take(from: BitReader, first: boolean): boolean {
    for (let i = 0; i < countPlace.buckets; i++) if (!this.#take(from, first, i)) return false;
    if (!takeXor(this.sum, from, first)) return false;
    if (this.sum.isStale) return true;
    for (let i = countPlace.buckets; i < this.counts.length; i++)
      if (!this.#take(from, first, i)) return false;
    return true;
  }

  #put(out: BitWriter, first: boolean, field: XorField, { low, high }: { low: number; high: number }): void {
    if (first) field.putFirst(out, low, high);
    else field.putNext(out, low, high);
  }

  #take(from: BitReader, first: boolean, i: number): boolean {
    const field = this.#fields[i]!;
    const sound = takeXor(field, from, first);
    this.counts[i] = field.value;
    return sound;
  }
}

function takeXor(field: XorField, from: BitReader, first: boolean): boolean {
  if (!first) return field.takeNext(from);
  field.takeFirst(from);
  return true;
}
