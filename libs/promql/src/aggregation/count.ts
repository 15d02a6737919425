import type { Row } from '../operators/row.ts';
import type { Accumulator, Columns } from './accumulator.ts';

/** How many series of the group have something at a step; `group` only says that there is one. */
export class Count implements Accumulator {
  readonly #steps: number;
  readonly #counts: Uint32Array;
  readonly #always1: boolean;

  constructor(groups: number, steps: number, always1 = false) {
    this.#steps = steps;
    this.#counts = new Uint32Array(groups * steps);
    this.#always1 = always1;
  }

  add(group: number, { has }: Row): void {
    const counts = this.#counts;
    const base = group * this.#steps;
    for (let k = 0; k < this.#steps; k++) counts[base + k]! += has[k]!;
  }

  columns(): Columns {
    return [this.#counts];
  }

  merge([counts]: Columns, groups: Uint32Array): void {
    for (let g = 0; g < groups.length; g++) {
      const base = groups[g]! * this.#steps;
      for (let k = 0; k < this.#steps; k++) this.#counts[base + k]! += counts![g * this.#steps + k]!;
    }
  }

  finish(group: number, row: Row): void {
    for (let k = 0; k < this.#steps; k++) {
      const count = this.#counts[group * this.#steps + k]!;
      if (count > 0) row.put(k, this.#always1 ? 1 : count);
    }
  }
}
