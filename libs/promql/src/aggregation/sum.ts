import type { Row } from '../operators/row.ts';
import type { Accumulator } from './accumulator.ts';

/** The sum with compensation for rounding, as in kahan.ts, for each group and step. */
export class Sum implements Accumulator {
  protected readonly steps: number;
  protected readonly sums: Float64Array;
  protected readonly errors: Float64Array;
  protected readonly counts: Uint32Array;

  constructor(groups: number, steps: number) {
    this.steps = steps;
    this.sums = new Float64Array(groups * steps);
    this.errors = new Float64Array(groups * steps);
    this.counts = new Uint32Array(groups * steps);
  }

  add(group: number, row: Row): void {
    const { sums, errors, counts, steps } = this;
    const { v, has } = row;
    const base = group * steps;
    for (let k = 0; k < steps; k++) {
      if (has[k] === 0) continue;
      const at = base + k;
      const sum = sums[at]!;
      const value = v[k]!;
      const total = sum + value;
      const grown = total - sum;
      errors[at]! += sum - (total - grown) + (value - grown);
      sums[at] = total;
      counts[at]!++;
    }
  }

  finish(group: number, row: Row): void {
    for (let k = 0; k < this.steps; k++) {
      const at = group * this.steps + k;
      if (this.counts[at]! > 0) row.put(k, this.total(at));
    }
  }

  protected total(at: number): number {
    const sum = this.sums[at]!;
    return Number.isFinite(sum) ? sum + this.errors[at]! : sum;
  }
}

/** The mean of each group and step. */
export class Average extends Sum {
  /** Means that are built up step by step, where the sum of finite values overflowed; NaN elsewhere. */
  readonly #means = new Map<number, number>();

  override add(group: number, row: Row): void {
    const base = group * this.steps;
    let overflow = this.#means.size > 0;
    for (let k = 0; k < this.steps && !overflow; k++)
      overflow = row.has[k] === 1 && Math.abs(this.sums[base + k]! + row.v[k]!) === Infinity;
    if (overflow)
      for (let k = 0; k < this.steps; k++) if (row.has[k] === 1) this.#addToMean(base + k, row.v[k]!);
    super.add(group, row);
  }

  /** Called before the value is counted. */
  #addToMean(at: number, value: number): void {
    const count = this.counts[at]!;
    const known = this.#means.get(at);
    if (known === undefined && Math.abs(this.sums[at]! + value) !== Infinity) return;
    const before = known ?? (count === 0 ? 0 : this.total(at) / count);
    this.#means.set(at, count === 0 ? value : before * (count / (count + 1)) + value / (count + 1));
  }

  override finish(group: number, row: Row): void {
    for (let k = 0; k < this.steps; k++) {
      const at = group * this.steps + k;
      const count = this.counts[at]!;
      if (count > 0) row.put(k, this.#means.get(at) ?? this.#mean(at, count));
    }
  }

  #mean(at: number, count: number): number {
    const sum = this.sums[at]!;
    return Number.isFinite(sum) ? sum / count + this.errors[at]! / count : sum;
  }
}
