import type { Row } from '../operators/row.ts';
import type { Accumulator, Columns } from './accumulator.ts';

/** Population variance by Welford's method, merged by Chan's, or its root. */
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

  columns(): Columns {
    return [this.#counts, this.#means, this.#squares];
  }

  merge([counts, means, squares]: Columns, groups: Uint32Array): void {
    for (let g = 0; g < groups.length; g++) {
      for (let k = 0; k < this.#steps; k++) {
        const from = g * this.#steps + k;
        const at = groups[g]! * this.#steps + k;
        const added = counts![from]!;
        if (added === 0) continue;
        const before = this.#counts[at]!;
        const count = before + added;
        // What is taken in first stands as it is, infinities included.
        const delta = before === 0 ? 0 : means![from]! - this.#means[at]!;
        this.#means[at] = before === 0 ? means![from]! : this.#means[at]! + (delta * added) / count;
        this.#squares[at]! += squares![from]! + (delta * delta * before * added) / count;
        this.#counts[at] = count;
      }
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
