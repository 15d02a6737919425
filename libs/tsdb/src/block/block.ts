import fs from 'node:fs';
import path from 'node:path';
import { BlockIndex } from './block-index.ts';
import { ChunkSegments } from './chunk-segments.ts';
import { FileWindows } from './file-windows.ts';
import { type BlockMeta, readMeta } from './meta.ts';
import { readTombstones, type Tombstones } from './tombstones.ts';

/** One folder of samples that never change: index, chunks, tombstones and what the block says of itself. */
export class Block {
  readonly dir: string;
  meta: BlockMeta;
  readonly index: BlockIndex;
  readonly chunks: ChunkSegments;
  tombstones: Tombstones;

  /** @throws BlockError naming the file that is damaged. Postings, series and chunks are checked when they are read. */
  constructor(dir: string, windows = new FileWindows()) {
    this.dir = dir;
    this.meta = readMeta(dir);
    this.tombstones = readTombstones(dir);
    this.index = new BlockIndex(windows, path.join(dir, 'index'));
    try {
      this.chunks = new ChunkSegments(windows, path.join(dir, 'chunks'));
    } catch (error) {
      this.index.close();
      throw error;
    }
  }

  /** Bytes on disk. */
  get size(): number {
    const files = ['meta.json', 'tombstones'].map((name) => path.join(this.dir, name));
    const small = files.reduce(
      (sum, file) => sum + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return small + this.index.size + this.chunks.size;
  }

  /** Reads again what may change: tombstones, and meta.json, which counts them. */
  reload(): void {
    this.meta = readMeta(this.dir);
    this.tombstones = readTombstones(this.dir);
  }

  close(): void {
    this.index.close();
    this.chunks.close();
  }
}
