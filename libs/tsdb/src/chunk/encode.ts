import type { SampleSink } from './sample-sink.ts';
import { encodingXor, largestXorSample, XorEncoder, xorHeader } from './xor.ts';

/** Samples of a full chunk: enough to compress well, few enough to decode for one step of a query. */
export const samplesPerChunk = 120;

/** A chunk as it stands in files: data in bytes [at, end), which are valid during the call only. */
export type ChunkSink = (
  chunk: { mint: number; maxt: number; samples: number; encoding: number },
  bytes: Uint8Array,
  at: number,
  end: number,
) => void;

const scratch = new Uint8Array(xorHeader + (samplesPerChunk + 1) * largestXorSample);
const encoder = new XorEncoder();

/** Cuts samples into chunks of nearly equal size, none above `samplesPerChunk`. */
export function encodeChunks(samples: SampleSink, put: ChunkSink): void {
  const chunks = Math.ceil(samples.length / samplesPerChunk);
  for (let i = 0; i < chunks; i++) {
    const from = Math.floor((samples.length * i) / chunks);
    const to = Math.floor((samples.length * (i + 1)) / chunks);
    encodeFloats(samples, from, to, put);
  }
}

function encodeFloats({ t, words }: SampleSink, from: number, to: number, put: ChunkSink): void {
  encoder.start(scratch, 0);
  for (let i = from; i < to; i++) encoder.append(t[i]!, words[2 * i]!, words[2 * i + 1]!);
  scratch[0] = encoder.count >>> 8;
  scratch[1] = encoder.count;
  const chunk = { mint: t[from]!, maxt: t[to - 1]!, samples: to - from, encoding: encodingXor };
  put(chunk, scratch, 0, (encoder.bit + 7) >>> 3);
}
