import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  type FloatHistogram,
  histogramOf,
  scaleHistogram,
} from '@paddlewatch/model';
import { collidingHints, mixedSchemas, type Notes, reconciled } from './window.ts';

/**
 * A sum of histograms with the rounding errors of every count carried along, and their mean. Once the sum would
 * overflow, the mean is built up step by step instead.
 */
export class HistogramSum {
  /** Some histograms do not go together: there is no sum. */
  incompatible = false;
  count = 0;
  #sum: FloatHistogram | undefined;
  #error: FloatHistogram | undefined;
  /** The mean so far, kept instead of the sum from the first overflow on. */
  #running = false;
  readonly #average: boolean;
  #resets = false;
  #steady = false;

  constructor(average: boolean) {
    this.#average = average;
  }

  add(histogram: FloatHistogram, notes: Notes): void {
    this.count++;
    if (histogram.hint === 'reset') this.#resets = true;
    if (histogram.hint === 'notReset') this.#steady = true;
    if (this.incompatible) return;
    if (!this.#sum) {
      this.#sum = histogram;
      this.#error = zeroLike(histogram);
      return;
    }
    if (this.#running) this.#addToMean(histogram, notes);
    else this.#addToSum(histogram, notes);
  }

  #addToSum(histogram: FloatHistogram, notes: Notes): void {
    const [sum, error] = [this.#sum!, this.#error!];
    if (!this.#addExactly(histogram, notes)) return;
    if (!this.#average || isFiniteThroughout(this.#sum!)) return;
    const before = this.count - 1;
    this.#sum = divideHistogram(sum, before);
    this.#error = divideHistogram(error, before);
    this.#running = true;
    this.#addToMean(histogram, notes);
  }

  #addToMean(histogram: FloatHistogram, notes: Notes): void {
    const { count } = this;
    this.#sum = scaleHistogram(this.#sum!, (count - 1) / count);
    this.#error = scaleHistogram(this.#error!, (count - 1) / count);
    this.#addExactly(divideHistogram(histogram, count), notes);
  }

  /** Adds, and adds to the errors what rounding took. Says whether the histograms went together. */
  #addExactly(histogram: FloatHistogram, notes: Notes): boolean {
    const sum = addHistograms(this.#sum!, histogram);
    if (!sum) {
      notes.warn(mixedSchemas);
      this.incompatible = true;
      return false;
    }
    if (sum.boundsReduced) notes.info(reconciled('aggregation'));
    // Both operands on the sum's buckets, so that errors are found count by count.
    const frame = zeroLike(sum.histogram);
    const before = addHistograms(frame, this.#sum!)!.histogram;
    const added = addHistograms(frame, histogram)!.histogram;
    const errors = addHistograms(frame, this.#error!)!.histogram;
    this.#error = zip(errors, zip3(before, added, sum.histogram, lost), (a, b) => a + b);
    this.#sum = sum.histogram;
    return true;
  }

  /** The sum or the mean; undefined where there is none. */
  result(notes: Notes): FloatHistogram | undefined {
    if (this.#resets && this.#steady) notes.warn(collidingHints('aggregation'));
    if (!this.#sum || this.incompatible) return undefined;
    const whole = zip(this.#sum, this.#error!, (sum, error) => (Number.isFinite(sum) ? sum + error : sum));
    const average = this.#average && !this.#running;
    return compactHistogram(average ? divideHistogram(whole, this.count) : whole);
  }
}

/** What an addition lost by rounding (Knuth's TwoSum); nothing that can be named where it overflowed. */
function lost(a: number, b: number, sum: number): number {
  const grown = sum - a;
  const error = a - (sum - grown) + (b - grown);
  return Number.isFinite(error) ? error : 0;
}

function isFiniteThroughout(histogram: FloatHistogram): boolean {
  const { count, sum, zeroCount, positive, negative } = histogram;
  const infinite = (value: number) => Math.abs(value) === Infinity;
  return !(
    infinite(count) ||
    infinite(sum) ||
    infinite(zeroCount) ||
    positive.count.some(infinite) ||
    negative.count.some(infinite)
  );
}

/** The same buckets, all empty. */
function zeroLike(histogram: FloatHistogram): FloatHistogram {
  const { schema, zeroThreshold, customBounds, positive, negative, hint } = histogram;
  return histogramOf({
    hint,
    schema,
    zeroThreshold,
    customBounds,
    positive: { index: positive.index, count: new Float64Array(positive.index.length) },
    negative: { index: negative.index, count: new Float64Array(negative.index.length) },
  });
}

/** Joins all counts and the sums of two histograms with the same buckets. */
function zip(a: FloatHistogram, b: FloatHistogram, join: (a: number, b: number) => number): FloatHistogram {
  return zip3(a, b, b, join);
}

function zip3(
  a: FloatHistogram,
  b: FloatHistogram,
  c: FloatHistogram,
  join: (a: number, b: number, c: number) => number,
): FloatHistogram {
  const side = (name: 'positive' | 'negative') => ({
    index: a[name].index,
    count: a[name].count.map((count, i) => join(count, b[name].count[i]!, c[name].count[i]!)),
  });
  return {
    ...a,
    zeroCount: join(a.zeroCount, b.zeroCount, c.zeroCount),
    count: join(a.count, b.count, c.count),
    sum: join(a.sum, b.sum, c.sum),
    positive: side('positive'),
    negative: side('negative'),
  };
}
