import type { FloatHistogram } from '@paddlewatch/model';

/** Whether a is to be preferred to b. */
export type Order = (a: number, b: number) => boolean;

/** The best k of the values offered: a heap with the worst of them on top. */
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

  /** What is kept, the best first; of equals the one offered first. */
  each(visit: (value: number, series: number, histogram: FloatHistogram | undefined) => void): void {
    const order = this.#values.map((_, i) => i);
    order.sort((a, b) => this.#compare(a, b));
    for (const i of order) visit(this.#values[i]!, this.#series[i]!, this.#histograms.get(this.#series[i]!));
  }

  #compare(a: number, b: number): number {
    if (this.#better(this.#values[a]!, this.#values[b]!)) return -1;
    if (this.#better(this.#values[b]!, this.#values[a]!)) return 1;
    return this.#series[a]! - this.#series[b]!;
  }

  #rise(at: number): void {
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(parent, at) > 0) return;
      this.#swap(parent, at);
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#values.length && this.#compare(worst, child) < 0) worst = child;
      if (worst === at) return;
      this.#swap(worst, at);
      at = worst;
    }
  }

  #swap(a: number, b: number): void {
    [this.#values[a], this.#values[b]] = [this.#values[b]!, this.#values[a]!];
    [this.#series[a], this.#series[b]] = [this.#series[b]!, this.#series[a]!];
  }
}
