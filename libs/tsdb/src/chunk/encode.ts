import type { FloatHistogram } from '@paddlewatch/model';
import type { HistogramEncoding, HistogramSample } from './histogram.ts';
import { continuesRun, encodeRun, encodingOf, hintOfRun } from './histogram-runs.ts';
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

/** Cuts samples into chunks of nearly equal size, none above `samplesPerChunk`; floats and histograms apart. */
export function encodeChunks(samples: SampleSink, put: ChunkSink): void {
  if (samples.histograms.length === 0) {
    encodeFloatRun(samples, 0, samples.length, put);
    return;
  }
  let before: FloatHistogram | undefined;
  for (let from = 0; from < samples.length; ) {
    const first = samples.histograms[from] as FloatHistogram | undefined;
    let to = from + 1;
    if (first) {
      const encoding = encodingOf(first);
      while (to < samples.length && to - from < samplesPerChunk && continues(samples, encoding, from, to))
        to++;
      encodeHistogramRun(samples, encoding, from, to, before, put);
      before = samples.histograms[to - 1] as FloatHistogram;
    } else {
      while (to < samples.length && samples.histograms[to] === undefined) to++;
      encodeFloatRun(samples, from, to, put);
    }
    from = to;
  }
}

function continues(
  { histograms }: SampleSink,
  encoding: HistogramEncoding,
  from: number,
  at: number,
): boolean {
  const next = histograms[at] as FloatHistogram | undefined;
  return (
    next !== undefined &&
    continuesRun(encoding, histograms[from] as FloatHistogram, histograms[at - 1] as FloatHistogram, next)
  );
}

function encodeHistogramRun(
  { t, histograms }: SampleSink,
  encoding: HistogramEncoding,
  from: number,
  to: number,
  before: FloatHistogram | undefined,
  put: ChunkSink,
): void {
  const samples: HistogramSample[] = [];
  for (let i = from; i < to; i++) samples.push({ t: t[i]!, histogram: histograms[i] as FloatHistogram });
  const first = samples[0]!.histogram!;
  const bytes = encodeRun({ encoding, hint: hintOfRun(before, first), samples });
  put({ mint: t[from]!, maxt: t[to - 1]!, samples: to - from, encoding }, bytes, 0, bytes.length);
}

function encodeFloatRun(samples: SampleSink, start: number, end: number, put: ChunkSink): void {
  const chunks = Math.ceil((end - start) / samplesPerChunk);
  for (let i = 0; i < chunks; i++) {
    const from = start + Math.floor(((end - start) * i) / chunks);
    const to = start + Math.floor(((end - start) * (i + 1)) / chunks);
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
