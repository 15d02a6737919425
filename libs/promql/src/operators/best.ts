import type { FloatHistogram } from '@paddlewatch/model';

/** Whether a is to be preferred to b. */
export type Order = (a: number, b: number) => boolean;

/**
 * The best k of the values offered: a heap with the worst of them on top. Which of several equal ones stays is
 * decided by how the heap moves, so it moves exactly as Go's container/heap under Prometheus does.
 */
export class Best {
  readonly #limit: number;
  readonly #better: Order;
  readonly #values: number[] = [];
  readonly #series: number[] = [];
  readonly #histograms = new Map<number, FloatHistogram>();

  constructor(limit: number, better: Order) {
    this.#limit = limit;
    this.#better = better;
  }

  /** Says whether one more value is kept than before. */
  offer(value: number, series: number, histogram?: FloatHistogram): boolean {
    if (this.#values.length < this.#limit) {
      if (histogram !== undefined) this.#histograms.set(series, histogram);
      this.#values.push(value);
      this.#series.push(series);
      this.#rise(this.#values.length - 1);
      return true;
    }
    if (this.#better(value, this.#values[0]!)) {
      this.#values[0] = value;
      this.#series[0] = series;
      this.#sink();
    }
    return false;
  }

  /** What is kept, the best first, equals as an insertion sort of the heap leaves them. */
  each(visit: (value: number, series: number, histogram: FloatHistogram | undefined) => void): void {
    for (let i = 1; i < this.#values.length; i++)
      for (let at = i; at > 0 && this.#isWorse(at - 1, at); at--) this.#swap(at - 1, at);
    for (const [i, series] of this.#series.entries())
      visit(this.#values[i]!, series, this.#histograms.get(series));
  }

  /** NaN is worse than anything, another NaN included. */
  #isWorse(a: number, b: number): boolean {
    const value = this.#values[a]!;
    return value !== value || this.#better(this.#values[b]!, value);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isWorse(at, parent)) return;
      this.#swap(parent, at);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= this.#values.length) return;
      const child = left + 1 < this.#values.length && this.#isWorse(left + 1, left) ? left + 1 : left;
      if (!this.#isWorse(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    [this.#values[a], this.#values[b]] = [this.#values[b]!, this.#values[a]!];
    [this.#series[a], this.#series[b]] = [this.#series[b]!, this.#series[a]!];
  }
}
