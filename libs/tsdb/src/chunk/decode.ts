import { decodeHistograms, encodingFloatHistogram, encodingHistogram } from './histogram.ts';
import type { SampleSink } from './sample-sink.ts';
import { encodingXor, xorHeader } from './xor.ts';
import { decodeXor } from './xor-decoder.ts';

export function isKnownEncoding(encoding: number): boolean {
  return encoding === encodingXor || encoding === encodingHistogram || encoding === encodingFloatHistogram;
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
      throw new RangeError(`cannot read a chunk: encoding ${encoding} is not known`);
  }
}
