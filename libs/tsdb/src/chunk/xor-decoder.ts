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
  const decoded = kernel.run(length, Math.min(count, mostSamples), maxt);
  if (decoded < 0) return false;
  const first = times[0]! >= mint ? 0 : firstFrom(times, decoded, mint);
  const found = decoded - first;
  const start = into.length;
  into.reserve(found);
  into.t.set(times.subarray(first, decoded), start);
  // As words: a copy of doubles could rewrite NaN payloads.
  into.words.set(words.subarray(2 * first, 2 * decoded), 2 * start);
  into.length = start + found;
  return true;
}

/** The first of `length` rising times that is not before mint. */
function firstFrom(times: Float64Array, length: number, mint: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < mint) low = middle + 1;
    else high = middle;
  }
  return low;
}
