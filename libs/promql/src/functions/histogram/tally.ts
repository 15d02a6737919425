import {
  addHistograms,
  type Buckets,
  type CounterResetHint,
  type FloatHistogram,
  histogramOf,
  joinHints,
  sameBounds,
} from '@paddlewatch/model';

/**
 * A sum of histograms with one layout, added to in place, with what rounding took from each count carried along.
 * sum(h), 300 series of 24 buckets × 61 steps: 950 ms → 25 ms of CPU time, against a new histogram for each addition.
 */
export class Tally {
  readonly #layout: FloatHistogram;
  #hint: CounterResetHint;
  /** The zero bucket, the count and the sum. */
  readonly #whole = new Column(wholeIndex);
  readonly #positive: Column;
  readonly #negative: Column;

  /** Nothing yet, on the buckets of a histogram. */
  constructor(layout: FloatHistogram) {
    this.#layout = layout;
    this.#hint = layout.hint;
    this.#positive = new Column(layout.positive.index);
    this.#negative = new Column(layout.negative.index);
  }

  /** Whether all buckets of a histogram are among these. */
  holds({ schema, zeroThreshold, customBounds, positive, negative }: FloatHistogram): boolean {
    const layout = this.#layout;
    return (
      schema === layout.schema &&
      zeroThreshold === layout.zeroThreshold &&
      this.#positive.holds(positive) &&
      this.#negative.holds(negative) &&
      sameBounds(customBounds, layout.customBounds)
    );
  }

  /** Adds a histogram whose buckets are among these. */
  add(histogram: FloatHistogram): void {
    this.#hint = joinHints(this.#hint, histogram.hint).hint;
    this.#whole.add(wholeOf(histogram));
    this.#positive.add(histogram.positive);
    this.#negative.add(histogram.negative);
  }

  /** Whether any count would become infinite by adding such a histogram. */
  overflowsWith(histogram: FloatHistogram): boolean {
    return (
      this.#whole.overflowsWith(wholeOf(histogram)) ||
      this.#positive.overflowsWith(histogram.positive) ||
      this.#negative.overflowsWith(histogram.negative)
    );
  }

  scale(factor: number): void {
    for (const column of [this.#whole, this.#positive, this.#negative]) column.scale(factor);
  }

  value(): FloatHistogram {
    return this.#shown((column) => column.values());
  }

  /**
   * The same sum and the histogram, brought to buckets that both can have; undefined where there are none, because
   * one is exponential and the other custom.
   */
  joint(histogram: FloatHistogram): Joint | undefined {
    const sums = this.#shown((column) => column.sums);
    const both = addHistograms(sums, histogram);
    if (!both) return undefined;
    const tally = new Tally(both.histogram);
    tally.#fill(sums, (column) => column.sums);
    tally.#fill(
      this.#shown((column) => column.errors),
      (column) => column.errors,
    );
    tally.#hint = this.#hint;
    return { tally, histogram: tally.#brought(histogram), boundsReduced: both.boundsReduced };
  }

  #fill(histogram: FloatHistogram, part: (column: Column) => Float64Array): void {
    const brought = this.#brought(histogram);
    part(this.#whole).set(wholeOf(brought).count);
    part(this.#positive).set(brought.positive.count);
    part(this.#negative).set(brought.negative.count);
  }

  #brought(histogram: FloatHistogram): FloatHistogram {
    const { schema, zeroThreshold, customBounds, positive, negative } = this.#layout;
    const empty = ({ index }: Buckets) => ({ index, count: new Float64Array(index.length) });
    const sides = { positive: empty(positive), negative: empty(negative) };
    const frame = histogramOf({ schema, zeroThreshold, customBounds, ...sides });
    return { ...addHistograms(frame, histogram)!.histogram, hint: histogram.hint };
  }

  #shown(part: (column: Column) => Float64Array): FloatHistogram {
    const [zeroCount, count, sum] = [...part(this.#whole)] as [number, number, number];
    const { positive, negative } = this.#layout;
    return {
      ...this.#layout,
      hint: this.#hint,
      zeroCount,
      count,
      sum,
      positive: { index: positive.index, count: part(this.#positive) },
      negative: { index: negative.index, count: part(this.#negative) },
    };
  }
}

/** A sum and a histogram on the same buckets. */
export interface Joint {
  readonly tally: Tally;
  readonly histogram: FloatHistogram;
  /** Custom bounds differed, and only those that both share are left. */
  readonly boundsReduced: boolean;
}

const wholeIndex = Int32Array.of(0, 1, 2);

function wholeOf({ zeroCount, count, sum }: FloatHistogram): Buckets {
  return { index: wholeIndex, count: Float64Array.of(zeroCount, count, sum) };
}

/** Sums by bucket, with the errors of their additions. */
class Column {
  readonly sums: Float64Array;
  readonly errors: Float64Array;
  readonly #index: Int32Array;

  constructor(index: Int32Array) {
    this.#index = index;
    this.sums = new Float64Array(index.length);
    this.errors = new Float64Array(index.length);
  }

  holds({ index }: Buckets): boolean {
    if (index === this.#index) return true;
    let place = 0;
    for (let i = 0; i < index.length; i++, place++) {
      while (this.#index[place]! < index[i]!) place++;
      if (this.#index[place] !== index[i]) return false;
    }
    return true;
  }

  add({ index, count }: Buckets): void {
    let place = 0;
    for (let i = 0; i < index.length; i++) {
      while (this.#index[place] !== index[i]) place++;
      const before = this.sums[place]!;
      const value = count[i]!;
      const sum = before + value;
      // Knuth's TwoSum. What an overflow lost cannot be named.
      const grown = sum - before;
      const error = before - (sum - grown) + (value - grown);
      if (Number.isFinite(error)) this.errors[place]! += error;
      this.sums[place] = sum;
    }
  }

  overflowsWith({ index, count }: Buckets): boolean {
    let place = 0;
    for (let i = 0; i < index.length; i++) {
      while (this.#index[place] !== index[i]) place++;
      if (Math.abs(this.sums[place]! + count[i]!) === Infinity) return true;
    }
    return false;
  }

  scale(factor: number): void {
    for (let i = 0; i < this.sums.length; i++) {
      this.sums[i]! *= factor;
      this.errors[i]! *= factor;
    }
  }

  values(): Float64Array {
    return this.sums.map((sum, i) => (Number.isFinite(sum) ? sum + this.errors[i]! : sum));
  }
}
