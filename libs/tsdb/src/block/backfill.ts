import path from 'node:path';
import { formatLabels, type Labels } from '@paddlewatch/model';
import { seriesOrder } from '../bytes/byte-order.ts';
import { samplesPerChunk } from '../chunk/encode.ts';
import { encodingXor, largestXorSample, XorEncoder, xorHeader } from '../chunk/xor.ts';
import { makeFolder } from '../folder.ts';
import { Block } from './block.ts';
import { BlockWriter } from './block-writer.ts';
import { compact } from './compact.ts';
import type { BlockMeta } from './meta.ts';
import { newUlid } from './ulid.ts';
import { deleteFolder } from './upkeep.ts';

export interface BackfillOptions {
  /** Where the blocks go; made where it is not there. */
  readonly dir: string;
  /** Milliseconds; no block crosses a multiple of it. Default 2 h. */
  readonly range?: number;
  /** Bytes of packed samples that may wait in memory. Default 256 MiB. */
  readonly memory?: number;
  /** Milliseconds since the epoch. Default Date.now. */
  readonly now?: () => number;
}

/** A full chunk that waits: bytes [at, end) of a page. */
interface Packed {
  readonly mint: number;
  readonly maxt: number;
  readonly samples: number;
  readonly page: Uint8Array;
  readonly at: number;
  readonly end: number;
}

interface Row {
  readonly labels: Labels;
  readonly chunks: Packed[];
  /** The chunk that is being filled, its first time, and the end of the range it lies in. */
  open: XorEncoder | undefined;
  mint: number;
  rangeEnd: number;
  newest: number;
}

const twoHours = 7_200_000;
const pageSize = 4 * 1024 * 1024;
const freshChunk = 256;

/**
 * Turns a history into blocks. Samples of a series come in the order of time, series in any order; they wait in memory,
 * packed, until there are many or until `close`.
 */
export class Backfill {
  readonly #dir: string;
  readonly #range: number;
  readonly #memory: number;
  readonly #now: () => number;
  readonly #rows: Row[] = [];
  /** Chunk bytes that may be used again. */
  readonly #spare: XorEncoder[] = [];
  readonly #value = new Float64Array(1);
  readonly #words = new Int32Array(this.#value.buffer);
  #page = new Uint8Array(0);
  #used = 0;
  #waiting = 0;
  #written: BlockMeta[] = [];

  constructor(options: BackfillOptions) {
    this.#dir = options.dir;
    this.#range = options.range ?? twoHours;
    this.#memory = options.memory ?? 256 * 1024 * 1024;
    this.#now = options.now ?? Date.now;
    makeFolder(options.dir);
  }

  /** A number for a label set. The caller asks once for each: a second time it would be a second series. */
  series(labels: Labels): number {
    return (
      this.#rows.push({
        labels,
        chunks: [],
        open: undefined,
        mint: 0,
        rangeEnd: -Infinity,
        newest: -Infinity,
      }) - 1
    );
  }

  /** @throws RangeError where the series has a newer sample. */
  append(series: number, t: number, value: number): void {
    const row = this.#rows[series]!;
    if (t <= row.newest) this.#refuse(row, t);
    if (!row.open || t >= row.rangeEnd || row.open.count === samplesPerChunk) this.#begin(row, t);
    const encoder = row.open!;
    if ((encoder.bit >>> 3) + largestXorSample + 3 > encoder.bytes.length) grow(encoder);
    this.#value[0] = value;
    encoder.append(t, this.#words[0]!, this.#words[1]!);
    row.newest = t;
  }

  /** Writes what waits; the blocks, oldest first. */
  close(): BlockMeta[] {
    this.#flush();
    for (const [, metas] of Map.groupBy(this.#written, (meta) => this.#rangeOf(meta.minTime))) {
      if (metas.length > 1) this.#join(metas);
    }
    return this.#written.sort((a, b) => a.minTime - b.minTime);
  }

  #refuse({ labels, newest }: Row, t: number): never {
    throw new RangeError(
      `cannot backfill ${formatLabels(labels)}: the sample at ${t} ms comes after one at ${newest} ms`,
    );
  }

  #begin(row: Row, t: number): void {
    if (row.open) this.#pack(row);
    if (this.#waiting > this.#memory) this.#flush();
    const encoder = this.#spare.pop() ?? new XorEncoder();
    const bytes = encoder.bytes.length > 0 ? encoder.bytes : new Uint8Array(freshChunk);
    encoder.start(bytes, 0);
    row.open = encoder;
    row.mint = t;
    row.rangeEnd = (this.#rangeOf(t) + 1) * this.#range;
  }

  #rangeOf(t: number): number {
    return Math.floor(t / this.#range);
  }

  /** Moves the open chunk of a row to a page. */
  #pack(row: Row): void {
    const encoder = row.open!;
    const { bytes, bit, count } = encoder;
    bytes[0] = count >>> 8;
    bytes[1] = count;
    const length = (bit + 7) >>> 3;
    if (this.#used + length > this.#page.length) {
      this.#page = new Uint8Array(pageSize);
      this.#used = 0;
    }
    const at = this.#used;
    this.#page.set(bytes.subarray(0, length), at);
    this.#used += length;
    this.#waiting += length;
    row.chunks.push({
      mint: row.mint,
      maxt: row.newest,
      samples: count,
      page: this.#page,
      at,
      end: this.#used,
    });
    row.open = undefined;
    this.#spare.push(encoder);
  }

  /** Writes a block for each range of what waits. */
  #flush(): void {
    for (const row of this.#rows) if (row.open) this.#pack(row);
    const filled = this.#rows.filter(({ chunks }) => chunks.length > 0);
    filled.sort((a, b) => seriesOrder(a.labels, b.labels));
    const ranges = new Set(filled.flatMap(({ chunks }) => chunks.map(({ mint }) => this.#rangeOf(mint))));
    for (const range of [...ranges].sort((a, b) => a - b)) this.#write(filled, range);
    for (const row of filled) row.chunks.length = 0;
    this.#page = new Uint8Array(0);
    this.#used = 0;
    this.#waiting = 0;
  }

  #write(rows: readonly Row[], range: number): void {
    const writer = new BlockWriter(this.#dir, newUlid(this.#now()));
    let minTime = Infinity;
    let maxTime = -Infinity;
    try {
      for (const { labels, chunks } of rows) {
        for (const { mint, maxt, samples, page, at, end } of chunks) {
          if (this.#rangeOf(mint) !== range) continue;
          writer.addChunk({ mint, maxt, samples, encoding: encodingXor }, page, at, end);
          minTime = Math.min(minTime, mint);
          maxTime = Math.max(maxTime, maxt + 1);
        }
        writer.endSeries(labels);
      }
      const compaction = { level: 1, sources: [writer.ulid] };
      this.#written.push(writer.finish({ minTime, maxTime, compaction })!);
    } catch (error) {
      writer.abandon();
      throw error;
    }
  }

  /** The blocks of one range, which were written at different times, become one. */
  #join(metas: readonly BlockMeta[]): void {
    const folders = metas.map(({ ulid }) => path.join(this.#dir, ulid));
    const blocks = folders.map((folder) => new Block(folder));
    const joined = compact(this.#dir, blocks, newUlid(this.#now()))!;
    for (const block of blocks) block.close();
    for (const folder of folders) deleteFolder(folder);
    this.#written = [...this.#written.filter((meta) => !metas.includes(meta)), joined];
  }
}

function grow(encoder: XorEncoder): void {
  const grown = new Uint8Array(
    Math.min(2 * encoder.bytes.length, xorHeader + (samplesPerChunk + 1) * largestXorSample),
  );
  grown.set(encoder.bytes);
  encoder.bytes = grown;
}
