import type { Row } from '../operators/row.ts';
import type { Accumulator, Columns } from './accumulator.ts';

/** The sum with compensation for rounding, as in kahan.ts, for each group and step. */
export class Sum implements Accumulator {
  protected readonly steps: number;
  readonly #sums: Float64Array;
  readonly #errors: Float64Array;
  readonly #counts: Uint32Array;
  /** Rows that had something at every step: counted here once instead of at each step. */
  readonly #full: Uint32Array;

  constructor(groups: number, steps: number) {
    this.steps = steps;
    this.#sums = new Float64Array(groups * steps);
    this.#errors = new Float64Array(groups * steps);
    this.#counts = new Uint32Array(groups * steps);
    this.#full = new Uint32Array(groups);
  }

  add(group: number, row: Row): void {
    const base = group * this.steps;
    if (row.count === this.steps) {
      this.#full[group]!++;
      addFull(row.v, this.#sums, this.#errors, base);
    } else addSome(row, this.#sums, this.#errors, this.#counts, base);
  }

  columns(): Columns {
    return [this.#sums, this.#errors, this.#counts, this.#full];
  }

  merge([sums, errors, counts, full]: Columns, groups: Uint32Array): void {
    const { steps } = this;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g]!;
      const [from, base] = [g * steps, group * steps];
      addFull(sums!.subarray(from, from + steps), this.#sums, this.#errors, base);
      for (let k = 0; k < steps; k++) {
        this.#errors[base + k]! += errors![from + k]!;
        this.#counts[base + k]! += counts![from + k]!;
      }
      this.#full[group]! += full![g]!;
    }
  }

  finish(group: number, row: Row): void {
    for (let k = 0; k < this.steps; k++) {
      const at = group * this.steps + k;
      const count = this.#counts[at]! + this.#full[group]!;
      if (count > 0) row.put(k, this.result(this.#sums[at]!, this.#errors[at]!, count, at));
    }
  }

  /** An infinite sum, or none at all, has no error worth adding. */
  protected result(sum: number, error: number, _count: number, _at: number): number {
    return Number.isFinite(sum) ? sum + error : sum;
  }
}

function addFull(v: Columns[number], sums: Float64Array, errors: Float64Array, base: number): void {
  for (let k = 0; k < v.length; k++) {
    const at = base + k;
    const sum = sums[at]!;
    const value = v[k]!;
    const total = sum + value;
    const grown = total - sum;
    errors[at]! += sum - (total - grown) + (value - grown);
    sums[at] = total;
  }
}

function addSome(
  { v, has }: Row,
  sums: Float64Array,
  errors: Float64Array,
  counts: Uint32Array,
  base: number,
): void {
  for (let k = 0; k < v.length; k++) {
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

/** Small enough that no number of series sums to infinity, and a power of two, so that it costs no digit. */
const tiny = 2 ** -64;

/** The mean of each group and step. */
export class Average extends Sum {
  /** The sums once more, scaled down: where the sum of finite values overflows, the mean is still a number. */
  readonly #scaled: Float64Array;

  constructor(groups: number, steps: number) {
    super(groups, steps);
    this.#scaled = new Float64Array(groups * steps);
  }

  override add(group: number, row: Row): void {
    super.add(group, row);
    const { v, has } = row;
    const scaled = this.#scaled;
    const base = group * this.steps;
    for (let k = 0; k < v.length; k++) if (has[k] === 1) scaled[base + k]! += v[k]! * tiny;
  }

  override columns(): Columns {
    return [...super.columns(), this.#scaled];
  }

  override merge(columns: Columns, groups: Uint32Array): void {
    super.merge(columns, groups);
    const scaled = columns.at(-1)!;
    const { steps } = this;
    for (let g = 0; g < groups.length; g++)
      for (let k = 0; k < steps; k++) this.#scaled[groups[g]! * steps + k]! += scaled[g * steps + k]!;
  }

  protected override result(sum: number, error: number, count: number, at: number): number {
    return Number.isFinite(sum) ? sum / count + error / count : (this.#scaled[at]! / count) * 2 ** 64;
  }
}
