import fs from 'node:fs';
import path from 'node:path';
import type { Labels } from '@paddlewatch/model';
import { type ChunkSink, encodeChunks } from '../chunk/encode.ts';
import type { SampleSink } from '../chunk/sample-sink.ts';
import { encodingXor } from '../chunk/xor.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { sync } from './durable.ts';
import { type ChunkPlace, IndexWriter } from './index-writer.ts';
import { type BlockMeta, writeMeta } from './meta.ts';
import { writeTombstones } from './tombstones.ts';

export const draftEnding = '.tmp-for-creation';

/** What a block says of itself, but for what the writer counts. */
export type BlockFacts = Pick<BlockMeta, 'minTime' | 'maxTime' | 'compaction'>;

/** Writes a new block: series by series, then `finish`. Until then the folder of the database shows a draft only. */
export class BlockWriter {
  readonly ulid: string;
  readonly #dir: string;
  readonly #draft: string;
  readonly #chunks: ChunkWriter;
  readonly #index = new IndexWriter();
  readonly #places: ChunkPlace[] = [];
  readonly #stats = { numSamples: 0, numFloatSamples: 0, numHistogramSamples: 0, numSeries: 0, numChunks: 0 };

  constructor(dir: string, ulid: string) {
    this.ulid = ulid;
    this.#dir = dir;
    this.#draft = path.join(dir, ulid + draftEnding);
    fs.mkdirSync(this.#draft);
    this.#chunks = new ChunkWriter(path.join(this.#draft, 'chunks'));
  }

  /** Adds a chunk to the series that `endSeries` will name; the data is that of a chunk with its number of samples. */
  readonly addChunk: ChunkSink = ({ mint, maxt, samples, encoding }, bytes, at, end) => {
    const reference = this.#chunks.add(encoding, bytes, at, end);
    this.#places.push({ mint, maxt, reference });
    this.#stats.numSamples += samples;
    if (encoding === encodingXor) this.#stats.numFloatSamples += samples;
    else this.#stats.numHistogramSamples += samples;
  };

  addSamples(samples: SampleSink): void {
    encodeChunks(samples, this.addChunk);
  }

  /** Label sets come in `seriesOrder`. One without chunks is left out. */
  endSeries(labels: Labels): void {
    if (this.#places.length === 0) return;
    this.#index.add(labels, this.#places);
    this.#stats.numSeries++;
    this.#stats.numChunks += this.#places.length;
    this.#places.length = 0;
  }

  get samples(): number {
    return this.#stats.numSamples;
  }

  /** The block is on the disk and in the folder when it returns; undefined where nothing was added. */
  finish(facts: BlockFacts): BlockMeta | undefined {
    if (this.#stats.numSamples === 0) {
      this.abandon();
      return undefined;
    }
    const meta: BlockMeta = { ulid: this.ulid, ...facts, stats: this.#stats, version: 1 };
    this.#chunks.close();
    sync(path.join(this.#draft, 'chunks'));
    this.#index.write(path.join(this.#draft, 'index'));
    writeTombstones(this.#draft, new Map());
    writeMeta(this.#draft, meta);
    fs.renameSync(this.#draft, path.join(this.#dir, this.ulid));
    sync(this.#dir);
    return meta;
  }

  /** Leaves no trace. */
  abandon(): void {
    this.#chunks.abandon();
    fs.rmSync(this.#draft, { recursive: true, force: true });
  }
}
