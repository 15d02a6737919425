import type { Cells } from './cells.ts';
import { type Child, type Kind, lineHead } from './kind.ts';

/** A number that only grows, until the process ends. */
export class Counter implements Child {
  cells: Cells;
  at: number;

  constructor(cells: Cells, at: number) {
    this.cells = cells;
    this.at = at;
  }

  get value(): number {
    return this.cells.values[this.at]!;
  }

  /** @throws RangeError where `by` is negative or NaN. */
  inc(by = 1): void {
    if (!(by >= 0)) throw new RangeError(`cannot add ${by} to a counter: it only grows`);
    this.cells.values[this.at]! += by;
  }
}

export const counterKind: Kind<Counter> = {
  type: 'counter',
  width: 1,
  lines: 1,
  child: (cells, at) => new Counter(cells, at),
  heads: (name, labels) => [lineHead(name, labels)],
  show(cells, at, out, outAt) {
    out[outAt] = cells[at]!;
  },
};
