import type { SampleSink } from './sample-sink.ts';
import { makeXorKernel, mostBytes, mostSamples, type XorKernel } from './xor-kernel.ts';

let kernel: XorKernel | undefined;

/**
 * Decodes the samples with mint ≤ t ≤ maxt of a chunk of `count` samples whose bit stream begins at byte `at` (behind
 * the header) and ends before `end`. False where the stream runs past `end`: the chunk is damaged.
 */
export function decodeXor(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  if (count === 0) return true;
  kernel ??= makeXorKernel();
  const { chunk, times, words } = kernel;
  const length = Math.min(end - at, mostBytes);
  chunk.set(bytes.subarray(at, at + length));
  const found = kernel.run(length, Math.min(count, mostSamples), mint, maxt);
  if (found < 0) return false;
  const start = into.length;
  into.reserve(found);
  into.t.set(times.subarray(0, found), start);
  // As words: a copy of doubles could rewrite NaN payloads.
  into.words.set(words.subarray(0, 2 * found), 2 * start);
  into.length = start + found;
  return true;
}
