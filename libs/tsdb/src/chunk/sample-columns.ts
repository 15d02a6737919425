import type { SampleSink } from './sample-sink.ts';

/** Samples of one series in memory of their own, for work inside the database. */
export class SampleColumns implements SampleSink {
  length = 0;
  t: Float64Array;
  v: Float64Array;
  words: Uint32Array;
  histograms: unknown[] = [];

  constructor(capacity = 256) {
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.words = new Uint32Array(this.v.buffer);
  }

  clear(): void {
    this.length = 0;
    this.histograms.length = 0;
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
}
