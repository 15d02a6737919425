/** The chunks of many series in columns. Those of series i are at starts[i] … starts[i + 1] − 1, in order of time. */
export interface ChunkTable {
  readonly starts: Uint32Array;
  /** Milliseconds, both ends included. */
  readonly mints: Float64Array;
  readonly maxts: Float64Array;
  /** See ChunkSegments. */
  readonly references: Float64Array;
}

export function tableBytes({ starts, references }: ChunkTable): number {
  return 4 * starts.length + 24 * references.length;
}

/** A chunk table in the making, series by series. */
export class ChunkTableWriter {
  readonly #starts: Uint32Array;
  #series = 0;
  #chunks = 0;
  #mints: Float64Array;
  #maxts: Float64Array;
  #references: Float64Array;

  constructor(series: number) {
    this.#starts = new Uint32Array(series + 1);
    // A chunk has about 120 samples: in two hours at one in 15 s there are four.
    this.#mints = new Float64Array(4 * series);
    this.#maxts = new Float64Array(4 * series);
    this.#references = new Float64Array(4 * series);
  }

  add(mint: number, maxt: number, reference: number): void {
    const at = this.#chunks++;
    if (at === this.#mints.length) this.#resize(2 * at);
    this.#mints[at] = mint;
    this.#maxts[at] = maxt;
    this.#references[at] = reference;
  }

  endSeries(): void {
    this.#starts[++this.#series] = this.#chunks;
  }

  finish(): ChunkTable {
    this.#resize(this.#chunks);
    return {
      starts: this.#starts,
      mints: this.#mints,
      maxts: this.#maxts,
      references: this.#references,
    };
  }

  #resize(length: number): void {
    this.#mints = resized(this.#mints, length);
    this.#maxts = resized(this.#maxts, length);
    this.#references = resized(this.#references, length);
  }
}

function resized(column: Float64Array, length: number): Float64Array {
  if (length <= column.length) return column.slice(0, length);
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
}
