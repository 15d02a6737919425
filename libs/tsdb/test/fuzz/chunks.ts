import { decodeChunk } from '../../src/chunk/decode.ts';
import { encodeChunks } from '../../src/chunk/encode.ts';
import { encodingFloatHistogram, encodingHistogram } from '../../src/chunk/histogram.ts';
import { SampleColumns } from '../../src/chunk/sample-columns.ts';
import { encodingXor } from '../../src/chunk/xor.ts';
import { histogramWalk, type Walk } from '../histogram-walk.ts';
import { damaged } from './damage.ts';
import type { Decoder } from './decoders.ts';

/** A u16 says how many samples a chunk has. */
const mostSamples = 65_535;
/** Decoders look a few bytes beyond a chunk. */
const slack = 8;

export const chunkDecoders = {
  xor: () => chunks(encodingXor, soundFloats()),
  histogram: () => chunks(encodingHistogram, [...soundHistograms('whole'), ...soundHistograms('custom')]),
  'float-histogram': () => chunks(encodingFloatHistogram, soundHistograms('float')),
};

/** Damaged chunks, read as a whole and in a window of time. */
function chunks(encoding: number, sound: readonly Uint8Array[]): Decoder {
  const into = new SampleColumns(mostSamples);
  return {
    feed(random) {
      const bytes = damaged(sound[random(sound.length)]!, random);
      const padded = new Uint8Array(bytes.length + slack);
      padded.set(bytes);
      into.clear();
      const mint = random(2) === 0 ? -Infinity : 1.7e12 + random(1_000_000);
      const maxt = random(2) === 0 ? Infinity : 1.7e12 + random(2_000_000);
      const whole = decodeChunk(encoding, padded, 0, bytes.length, mint, maxt, into);
      if (into.length > mostSamples) throw new Error(`${into.length} samples came out of a chunk`);
      if (!whole) throw new RangeError('cannot read the chunk: it is damaged');
    },
  };
}

/** Chunks with all sizes of steps and values. */
export function soundFloats(): Uint8Array[] {
  const values = [
    (i: number) => i,
    (i: number) => Math.sin(i),
    () => 1,
    (i: number) => [Number.NaN, Infinity, -0, 5e-324, 1e300][i % 5]!,
  ];
  const steps = [15_000, 1, 86_400_000, 7_000_003];
  return values.flatMap((value) =>
    steps.map((step) => {
      const columns = new SampleColumns();
      for (let i = 0; i < 120; i++) {
        columns.t[i] = 1.7e12 + step * i + (i % 3);
        columns.v[i] = value(i);
      }
      columns.length = 120;
      return chunksOf(columns)[0]!;
    }),
  );
}

export function soundHistograms(kind: Walk['kind']): Uint8Array[] {
  const walk = histogramWalk({ kind, seed: 1 });
  const columns = new SampleColumns(256);
  for (let i = 0; i < 200; i++) {
    columns.t[i] = 1.7e12 + 15_000 * i + (i % 3);
    columns.histograms[i] = walk.next().value;
  }
  columns.length = 200;
  return chunksOf(columns);
}

function chunksOf(columns: SampleColumns): Uint8Array[] {
  const found: Uint8Array[] = [];
  encodeChunks(columns, (_, bytes, at, end) => found.push(bytes.slice(at, end)));
  return found;
}
