import { ByteWriter } from '../bytes/byte-writer.ts';
import type { ChunkSink } from '../chunk/encode.ts';

/** Chunks that wait until it is the turn of their series: these come in one order and are asked for in another. */
export class WaitingChunks {
  readonly #bytes = new ByteWriter(1024 * 1024);
  readonly #mints: number[] = [];
  readonly #maxts: number[] = [];
  readonly #samples: number[] = [];
  readonly #encodings: number[] = [];
  /** Where the chunk before ends, the chunk itself begins. */
  readonly #ends: number[] = [];
  /** Chunk numbers of series i: [starts[i], stops[i]). */
  readonly #starts: Uint32Array;
  readonly #stops: Uint32Array;
  #series = 0;

  constructor(series: number) {
    this.#starts = new Uint32Array(series);
    this.#stops = new Uint32Array(series);
  }

  get bytes(): number {
    return this.#bytes.length;
  }

  /** What is added from now on belongs to this series. */
  begin(series: number): void {
    this.#series = series;
    this.#starts[series] = this.#ends.length;
    this.#stops[series] = this.#ends.length;
  }

  readonly add: ChunkSink = ({ mint, maxt, samples, encoding }, bytes, at, end) => {
    this.#bytes.raw(bytes.subarray(at, end));
    this.#mints.push(mint);
    this.#maxts.push(maxt);
    this.#samples.push(samples);
    this.#encodings.push(encoding);
    this.#stops[this.#series] = this.#ends.push(this.#bytes.length);
  };

  /** Hands the chunks of a series on, in the order of their coming. */
  pass(series: number, put: ChunkSink): void {
    const { bytes } = this.#bytes;
    for (let i = this.#starts[series]!; i < this.#stops[series]!; i++) {
      const chunk = {
        mint: this.#mints[i]!,
        maxt: this.#maxts[i]!,
        samples: this.#samples[i]!,
        encoding: this.#encodings[i]!,
      };
      put(chunk, bytes, i === 0 ? 0 : this.#ends[i - 1]!, this.#ends[i]!);
    }
  }
}
