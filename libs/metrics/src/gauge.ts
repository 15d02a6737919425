import type { Cells } from './cells.ts';
import { type Child, type Kind, lineHead } from './kind.ts';

/** A number that is as it is now. */
export class Gauge implements Child {
  cells: Cells;
  at: number;

  constructor(cells: Cells, at: number) {
    this.cells = cells;
    this.at = at;
  }

  get value(): number {
    return this.cells.values[this.at]!;
  }

  set(value: number): void {
    this.cells.values[this.at] = value;
  }

  inc(by = 1): void {
    this.cells.values[this.at]! += by;
  }

  dec(by = 1): void {
    this.cells.values[this.at]! -= by;
  }
}

export const gaugeKind: Kind<Gauge> = {
  type: 'gauge',
  width: 1,
  lines: 1,
  child: (cells, at) => new Gauge(cells, at),
  heads: (name, labels) => [lineHead(name, labels)],
  show(cells, at, out, outAt) {
    out[outAt] = cells[at]!;
  },
};
