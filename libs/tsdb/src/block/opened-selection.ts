import type { Labels } from '@paddlewatch/model';
import { coversAll, type Interval } from '../read/intervals.ts';
import type { SeriesHashes } from '../read/series-hash.ts';
import type { LabelColumn } from '../read/source.ts';
import type { BlockIndex } from './block-index.ts';
import { type ChunkTable, tableBytes } from './chunk-table.ts';

/** What an array of JavaScript and each of its elements take. */
const arrayBytes = 32;
const elementBytes = 8;

/**
 * The series of a block that a selector fits, addressed by their place 0 … length − 1, and what has been asked of them:
 * chunks, columns, labels, hashes. A block never changes, so all of it stays true for as long as the block is there;
 * only what is deleted stands elsewhere.
 */
export class OpenedSelection {
  /** References of the series, rising. */
  readonly series: Uint32Array;
  /** What this takes of memory. It grows with what is asked. */
  bytes: number;
  readonly #index: BlockIndex;
  #chunks: ChunkTable | undefined;
  #hashes: SeriesHashes | undefined;
  readonly #columns = new Map<string, LabelColumn>();
  readonly #labels: (Labels | undefined)[] = [];

  constructor(index: BlockIndex, series: Uint32Array) {
    this.#index = index;
    // Of a list that was cut out of another one, the rest shall not stay.
    this.series = series.length === series.buffer.byteLength / 4 ? series : series.slice();
    this.bytes = series.byteLength;
  }

  get length(): number {
    return this.series.length;
  }

  get chunks(): ChunkTable {
    if (!this.#chunks) {
      this.#chunks = this.#index.chunkTable(this.series);
      this.bytes += tableBytes(this.#chunks);
    }
    return this.#chunks;
  }

  labels(place: number): Labels {
    let labels = this.#labels[place];
    if (!labels) {
      labels = this.#index.labels(this.series[place]!);
      this.#labels[place] = labels;
      this.bytes += arrayBytes + elementBytes * (labels.length + 1);
    }
    return labels;
  }

  column(name: string): LabelColumn {
    let column = this.#columns.get(name);
    if (!column) {
      column = this.#index.column(this.series, name);
      this.#columns.set(name, column);
      this.bytes += column.ids.byteLength + arrayBytes + elementBytes * column.values.length;
    }
    return column;
  }

  hashes(): SeriesHashes {
    if (!this.#hashes) {
      this.#hashes = this.#index.hashes(this.series);
      this.bytes += 8 * this.length;
    }
    return this.#hashes;
  }

  /** Whether a chunk of the series overlaps the range and is not deleted as a whole. */
  overlaps(place: number, mint: number, maxt: number, deleted: readonly Interval[] = []): boolean {
    const { starts, mints, maxts } = this.chunks;
    for (let at = starts[place]!; at < starts[place + 1]!; at++) {
      if (mints[at]! > maxt) return false;
      if (maxts[at]! >= mint && !coversAll(deleted, mints[at]!, maxts[at]!)) return true;
    }
    return false;
  }
}
