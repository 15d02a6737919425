import type { Cells } from './cells.ts';
import { type Child, type Kind, lineHead } from './kind.ts';

/** Upper bounds in seconds that suit network services, as every Prometheus client has them. */
export const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Observations counted by size. Its row of cells: a count for each bound, one for +Inf, the sum. */
export class Histogram implements Child {
  cells: Cells;
  at: number;
  /** The bounds, filled up with +Inf to a power of two: the search needs no test of its end. */
  readonly #bounds: Float64Array;

  constructor(cells: Cells, at: number, bounds: Float64Array) {
    this.cells = cells;
    this.at = at;
    this.#bounds = bounds;
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    const { values, width } = this.cells;
    let bucket = 0;
    // NaN is below no bound, so it lands in +Inf, as Prometheus has it.
    for (let step = bounds.length >> 1; step > 0; step >>= 1) {
      if (!(value <= bounds[bucket + step - 1]!)) bucket += step;
    }
    values[this.at + Math.min(bucket, width - 2)]! += 1;
    values[this.at + width - 1]! += value;
  }

  get count(): number {
    const { values, width } = this.cells;
    let count = 0;
    for (let i = 0; i < width - 1; i++) count += values[this.at + i]!;
    return count;
  }

  get sum(): number {
    return this.cells.values[this.at + this.cells.width - 1]!;
  }
}

/** @param buckets upper bounds, ascending; +Inf is added. @throws RangeError where they do not ascend. */
export function histogramKind(name: string, buckets: readonly number[]): Kind<Histogram> {
  const bounds = buckets.at(-1) === Infinity ? buckets.slice(0, -1) : buckets;
  for (let i = 0; i < bounds.length; i++) {
    if (!(bounds[i]! < (bounds[i + 1] ?? Infinity))) {
      throw new RangeError(`cannot make histogram ${name}: its buckets do not ascend at ${bounds[i]}`);
    }
  }
  const searched = new Float64Array(2 ** Math.ceil(Math.log2(bounds.length + 1))).fill(Infinity);
  searched.set(bounds);
  const buckets_ = bounds.length + 1;
  return {
    type: 'histogram',
    width: buckets_ + 1,
    lines: buckets_ + 2,
    child: (cells, at) => new Histogram(cells, at, searched),
    heads(name, labels) {
      const before = labels === '' ? '' : `${labels},`;
      const heads = [...bounds, Infinity].map((le) =>
        lineHead(`${name}_bucket`, `${before}le="${boundText(le)}"`),
      );
      return [...heads, lineHead(`${name}_sum`, labels), lineHead(`${name}_count`, labels)];
    },
    show(cells, at, out, outAt) {
      let count = 0;
      for (let i = 0; i < buckets_; i++) out[outAt + i] = count += cells[at + i]!;
      out[outAt + buckets_] = cells[at + buckets_]!;
      out[outAt + buckets_ + 1] = count;
    },
  };
}

/** OpenMetrics' canonical form, `1.0` and not `1`; Prometheus 3 stores this form whatever it reads. */
function boundText(bound: number): string {
  if (bound === Infinity) return '+Inf';
  return Number.isInteger(bound) && Math.abs(bound) < 1e21 ? `${bound}.0` : String(bound);
}
