import type { FloatHistogram } from '@paddlewatch/model';
import type { Budget } from '../budget.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** Rows that stay: all series of an operator, computed once. */
export class Batch {
  readonly #steps: number;
  readonly #v: Float64Array;
  readonly #has: Uint8Array;
  readonly #counts: Uint32Array;
  readonly #histograms = new Map<number, (FloatHistogram | undefined)[]>();

  constructor(series: number, steps: number, budget: Budget) {
    budget.hold(series * steps);
    this.#steps = steps;
    this.#v = new Float64Array(series * steps);
    this.#has = new Uint8Array(series * steps);
    this.#counts = new Uint32Array(series);
  }

  write(series: number, row: Row): void {
    this.#counts[series] = row.count;
    if (row.count === 0) return;
    this.#v.set(row.v, series * this.#steps);
    this.#has.set(row.has, series * this.#steps);
    if (row.h) this.#histograms.set(series, [...row.h]);
  }

  read(series: number, row: Row): void {
    row.count = this.#counts[series]!;
    if (row.count === 0) {
      row.clear();
      return;
    }
    const base = series * this.#steps;
    row.v.set(this.#v.subarray(base, base + this.#steps));
    row.has.set(this.#has.subarray(base, base + this.#steps));
    const h = this.#histograms.get(series);
    row.h = h && [...h];
  }
}

/** Computes all rows of an operator. */
export function collect(vector: VectorOperator, steps: number, budget: Budget): Batch {
  const batch = new Batch(vector.length, steps, budget);
  const row = new Row(steps);
  for (let i = 0; i < vector.length; i++) {
    if (i % 64 === 0) budget.check();
    vector.read(i, row);
    batch.write(i, row);
  }
  return batch;
}
