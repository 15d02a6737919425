import type { Row } from '../operators/row.ts';
import type { Accumulator, Columns } from './accumulator.ts';

/** The smallest or largest value; NaN only where there is nothing else. */
export class Extreme implements Accumulator {
  readonly #steps: number;
  readonly #sign: number;
  readonly #best: Float64Array;
  readonly #has: Uint8Array;

  /** sign 1 looks for the largest, −1 for the smallest. */
  constructor(groups: number, steps: number, sign: 1 | -1) {
    this.#steps = steps;
    this.#sign = sign;
    this.#best = new Float64Array(groups * steps).fill(NaN);
    this.#has = new Uint8Array(groups * steps);
  }

  add(group: number, { v, has }: Row): void {
    this.#fold(group, v, has, 0);
  }

  columns(): Columns {
    return [this.#best, this.#has];
  }

  merge([best, has]: Columns, groups: Uint32Array): void {
    for (let g = 0; g < groups.length; g++) this.#fold(groups[g]!, best!, has!, g * this.#steps);
  }

  #fold(group: number, v: Columns[number], has: Columns[number], from: number): void {
    const best = this.#best;
    const sign = this.#sign;
    const base = group * this.#steps;
    for (let k = 0; k < this.#steps; k++) {
      if (has[from + k] === 0) continue;
      const at = base + k;
      const value = v[from + k]!;
      const known = best[at]!;
      if (value * sign > known * sign || known !== known) best[at] = value;
      this.#has[at] = 1;
    }
  }

  finish(group: number, row: Row): void {
    const base = group * this.#steps;
    for (let k = 0; k < this.#steps; k++) if (this.#has[base + k] === 1) row.put(k, this.#best[base + k]!);
  }
}
