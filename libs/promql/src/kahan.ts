/**
 * A sum with the error of every addition carried along (Neumaier's form of Kahan's summation), as Prometheus sums.
 * Kept in a reused object: nothing is allocated in loops.
 */
export class KahanSum {
  sum = 0;
  error = 0;

  reset(sum = 0): void {
    this.sum = sum;
    this.error = 0;
  }

  add(value: number): void {
    const total = this.sum + value;
    // Knuth's TwoSum: the exact error of the addition without comparing magnitudes.
    const grown = total - this.sum;
    this.error += this.sum - (total - grown) + (value - grown);
    this.sum = total;
  }

  /** Infinite and NaN sums have no error worth adding. */
  get value(): number {
    return Number.isFinite(this.sum) ? this.sum + this.error : this.sum;
  }
}

const total = new KahanSum();

export function sumOf(v: Float64Array, from: number, to: number): number {
  total.reset();
  for (let i = from; i < to; i++) total.add(v[i]!);
  return total.value;
}

/** The mean; where the sum would overflow, the mean is built up step by step instead. */
export function meanOf(v: Float64Array, from: number, to: number): number {
  total.reset(v[from]!);
  for (let i = from + 1; i < to; i++) {
    total.add(v[i]!);
    if (Number.isFinite(total.sum) || total.sum !== total.sum) continue;
    return runningMean(v, from, to);
  }
  const count = to - from;
  return Number.isFinite(total.sum) ? total.sum / count + total.error / count : total.sum;
}

function runningMean(v: Float64Array, from: number, to: number): number {
  let mean = v[from]!;
  for (let i = from + 1; i < to; i++) {
    const count = i - from + 1;
    mean = mean * ((count - 1) / count) + v[i]! / count;
  }
  return mean;
}
