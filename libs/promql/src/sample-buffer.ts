import { type FloatHistogram, staleHigh, staleLow } from '@paddlewatch/model';

/** Two hours of samples every 15 s: making and copying columns three times costs more than a few KiB. */
const firstRoom = 512;

/**
 * Samples of one series, oldest first, in reusable columns. The arrays are replaced when they grow: read them
 * anew after every append. Float values are kept bit by bit, so that staleness markers survive.
 */
export class SampleBuffer {
  length = 0;
  /** Milliseconds since the epoch. */
  t: Float64Array;
  v: Float64Array;
  /** The memory of `v`, for NaN payloads: low word at 2i, high word at 2i+1. */
  words: Uint32Array;
  /** Native histograms by sample place; undefined where the sample is a float. Empty while all samples are floats. */
  histograms: (FloatHistogram | undefined)[] = [];
  /** When the counter began, ms since the epoch, by sample place; undefined where unknown. Empty while all are. */
  starts: (number | undefined)[] = [];

  constructor(capacity = 0) {
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.words = new Uint32Array(this.v.buffer);
  }

  clear(): void {
    this.length = 0;
    if (this.histograms.length > 0) this.histograms.length = 0;
    if (this.starts.length > 0) this.starts.length = 0;
  }

  /** Makes room for `count` more samples; a decoder then writes `t`, `v` from `length` on and raises `length`. */
  reserve(count: number): void {
    const need = this.length + count;
    if (need <= this.t.length) return;
    const capacity = Math.max(need, this.t.length * 2 || firstRoom);
    const t = new Float64Array(capacity);
    t.set(this.t);
    const v = new Float64Array(capacity);
    // As words: a copy of doubles could rewrite NaN payloads.
    const words = new Uint32Array(v.buffer);
    words.set(this.words);
    this.t = t;
    this.v = v;
    this.words = words;
  }

  push(t: number, value: number): void {
    this.reserve(1);
    this.t[this.length] = t;
    this.v[this.length++] = value;
  }

  pushStale(t: number): void {
    this.reserve(1);
    this.t[this.length] = t;
    this.words[2 * this.length] = staleLow;
    this.words[2 * this.length++ + 1] = staleHigh;
  }

  pushHistogram(t: number, histogram: FloatHistogram): void {
    this.push(t, 0);
    this.histograms[this.length - 1] = histogram;
  }

  /** Says when the counter of the sample pushed last began. */
  start(t: number): void {
    this.starts[this.length - 1] = t;
  }
}
