import { SampleColumns } from '../src/chunk/sample-columns.ts';

/** A plain sink for tests; the product's is promql's SampleBuffer. */
export class TestSamples extends SampleColumns {
  bits(): { t: number; bits: bigint }[] {
    return Array.from({ length: this.length }, (_, i) => ({
      t: this.t[i]!,
      bits: (BigInt(this.words[2 * i + 1]!) << 32n) | BigInt(this.words[2 * i]!),
    }));
  }

  pairs(): [number, number][] {
    return Array.from({ length: this.length }, (_, i) => [this.t[i]!, this.v[i]!]);
  }
}
