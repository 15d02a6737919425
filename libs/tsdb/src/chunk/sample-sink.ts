/**
 * Where decoders write samples: columns that the reader owns. `reserve(n)` makes room for n more and may replace the
 * arrays; a decoder then writes from `length` on and raises `length`. Times rise strictly.
 */
export interface SampleSink {
  length: number;
  /** Milliseconds since the epoch. */
  t: Float64Array;
  v: Float64Array;
  /** The memory of `v`: low word at 2i, high word at 2i+1. Floats are written here, so that NaN payloads survive. */
  words: Uint32Array;
  /** Native histograms by sample place, undefined where the sample is a float; empty while all are floats. */
  histograms: unknown[];
  reserve(count: number): void;
}
