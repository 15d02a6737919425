import type { Cells } from './cells.ts';

/** Where a child keeps its numbers; a removed child is moved to cells of its own, so that its holder writes in vain. */
export interface Child {
  cells: Cells;
  at: number;
}

/** What a metric type brings to a family of it. */
export interface Kind<C extends Child> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Cells that one child writes. */
  readonly width: number;
  /** Lines that one child shows. */
  readonly lines: number;
  child(cells: Cells, at: number): C;
  /** The text of each line up to its value. `labels` is `a="1",b="2"`, or empty. */
  heads(name: string, labels: string): string[];
  /** Writes the values of a child's lines to `out` from `outAt`, from its cells from `at`. */
  show(cells: Float64Array, at: number, out: Float64Array, outAt: number): void;
}

/** `name{labels} `, the head of a line. */
export function lineHead(name: string, labels: string): string {
  return labels === '' ? `${name} ` : `${name}{${labels}} `;
}
