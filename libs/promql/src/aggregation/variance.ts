import type { Row } from '../operators/row.ts';
import type { Accumulator } from './accumulator.ts';

/** Population variance by Welford's method, or its root. */
export class Variance implements Accumulator {
  readonly #steps: number;
  readonly #root: boolean;
  readonly #counts: Float64Array;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;

  constructor(groups: number, steps: number, root: boolean) {
    this.#steps = steps;
    this.#root = root;
    this.#counts = new Float64Array(groups * steps);
    this.#means = new Float64Array(groups * steps);
    this.#squares = new Float64Array(groups * steps);
  }

  add(group: number, { v, has }: Row): void {
    const base = group * this.#steps;
    for (let k = 0; k < this.#steps; k++) {
      if (has[k] === 0) continue;
      const at = base + k;
      const count = ++this.#counts[at]!;
      const value = v[k]!;
      const delta = value - this.#means[at]!;
      const mean = this.#means[at]! + delta / count;
      this.#means[at] = mean;
      this.#squares[at]! += delta * (value - mean);
    }
  }

  finish(group: number, row: Row): void {
    for (let k = 0; k < this.#steps; k++) {
      const at = group * this.#steps + k;
      const count = this.#counts[at]!;
      if (count === 0) continue;
      const variance = this.#squares[at]! / count;
      row.put(k, this.#root ? Math.sqrt(variance) : variance);
    }
  }
}
