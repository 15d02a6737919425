import { decodeHistograms, encodingFloatHistogram, encodingHistogram } from './histogram.ts';
import type { SampleSink } from './sample-sink.ts';
import { encodingXor, xorHeader } from './xor.ts';
import { decodeXor } from './xor-decoder.ts';

export function isKnownEncoding(encoding: number): boolean {
  return encoding === encodingXor || encoding === encodingHistogram || encoding === encodingFloatHistogram;
}

/** What Prometheus writes with features that are off by default, by encoding. */
const unread = new Map([
  [4, 'XOR2'],
  [5, 'histograms with start times'],
  [6, 'float histograms with start times'],
]);

/** An encoding that is not known, for messages. */
export function describeUnknown(encoding: number): string {
  const name = unread.get(encoding);
  return name ? `encoding ${encoding}, ${name}, cannot be read yet` : `encoding ${encoding} is not known`;
}

/**
 * Decodes the samples with mint ≤ t ≤ maxt of a chunk whose data stands in bytes [at, end). False where the chunk is
 * damaged. @throws RangeError where the encoding is not known.
 */
export function decodeChunk(
  encoding: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  if (end - at < xorHeader) return false;
  const count = (bytes[at]! << 8) | bytes[at + 1]!;
  switch (encoding) {
    case encodingXor:
      return decodeXor(bytes, at + xorHeader, end, count, mint, maxt, into);
    case encodingHistogram:
    case encodingFloatHistogram:
      return decodeHistograms(encoding, bytes, at, end, count, mint, maxt, into);
    default:
      throw new RangeError(`cannot read a chunk: ${describeUnknown(encoding)}`);
  }
}
