import {
  bucketsFrom,
  compactHistogram,
  customSchema,
  type FloatHistogram,
  histogramOf,
  upperBound,
} from '@paddlewatch/model';
import type { Random } from './random.ts';

/** How the native histograms of a metric change from one sample to the next. */
export type HistogramHabit = 'duration' | 'spread' | 'custom' | 'mixed';

/**
 * The samples of one series: `duration` counts in one schema, `spread` has both sides and a zero bucket and changes
 * schema and threshold, `custom` changes its bounds, `mixed` takes turns between all of them, gauges and floats.
 */
export class HistogramSource {
  readonly #habit: HistogramHabit;
  readonly #random: Random;
  readonly #counts: number[] = new Array(8).fill(0);
  readonly #first: number;
  /** Observations that are no number, and in no bucket. */
  #nans = 0;
  #schema: number;
  #bounds: readonly number[];

  constructor(habit: HistogramHabit, random: Random) {
    this.#habit = habit;
    this.#random = random;
    this.#schema = random.whole(-1, 3);
    this.#first = random.whole(-3, 1);
    this.#bounds = random.pick(boundSets);
  }

  isFloat(): boolean {
    return this.#habit === 'mixed' && this.#random.chance(0.3);
  }

  next(): FloatHistogram {
    const random = this.#random;
    if (random.chance(0.03)) {
      this.#counts.fill(0);
      this.#nans = 0;
    }
    for (let i = 0; i < this.#counts.length; i++)
      if (random.chance(0.5)) this.#counts[i]! += random.whole(0, 5);
    const kind =
      this.#habit === 'mixed' ? random.pick(['duration', 'spread', 'custom'] as const) : this.#habit;
    const isGauge = this.#habit === 'mixed' && random.chance(0.3);
    const histogram = compactHistogram(this.#ofKind(kind));
    return isGauge ? { ...histogram, hint: 'gauge' } : histogram;
  }

  #ofKind(kind: Exclude<HistogramHabit, 'mixed'>): FloatHistogram {
    const random = this.#random;
    const counts = this.#counts;
    const sum = total(counts) * 0.75;
    switch (kind) {
      case 'duration':
        return histogramOf({
          schema: this.#schema,
          count: total(counts),
          sum,
          positive: bucketsFrom(this.#first, counts),
        });
      case 'spread': {
        if (random.chance(0.05)) this.#schema = random.whole(-1, 3);
        const [below, zero, above] = [counts.slice(0, 3), counts[3]!, counts.slice(4)];
        if (random.chance(0.005)) this.#nans++;
        // No bucket may lie in the zero bucket.
        const widest = upperBound(Math.min(this.#first, 0) - 1, this.#schema, []);
        return histogramOf({
          schema: this.#schema,
          count: total(counts) + this.#nans,
          sum: this.#nans > 0 ? NaN : sum - below[0]! * 2,
          zeroThreshold: random.chance(0.05) ? widest : 0.001,
          zeroCount: zero,
          positive: bucketsFrom(this.#first, above),
          negative: bucketsFrom(0, below),
        });
      }
      case 'custom': {
        if (random.chance(0.03)) this.#bounds = random.pick(boundSets);
        const counts = this.#counts.slice(0, this.#bounds.length + 1);
        return histogramOf({
          schema: customSchema,
          count: total(counts),
          sum,
          customBounds: this.#bounds,
          positive: bucketsFrom(0, counts),
        });
      }
    }
  }
}

const boundSets = [[0.5, 1], [0.5, 1, 2, 5], [0.25, 0.5, 1], [-1, 0, 1], [10]] as const;

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
