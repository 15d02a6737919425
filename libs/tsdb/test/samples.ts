import type { SampleSink } from '../src/index.ts';

/** A plain sink for tests; the product's is promql's SampleBuffer. */
export class TestSamples implements SampleSink {
  length = 0;
  t: Float64Array;
  v: Float64Array;
  words: Uint32Array;
  histograms: unknown[] = [];

  constructor(capacity = 16) {
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.words = new Uint32Array(this.v.buffer);
  }

  reserve(count: number): void {
    const need = this.length + count;
    if (need <= this.t.length) return;
    const { t, words } = this;
    this.t = new Float64Array(2 * need);
    this.t.set(t);
    this.v = new Float64Array(2 * need);
    this.words = new Uint32Array(this.v.buffer);
    this.words.set(words);
  }

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
