import fs from 'node:fs';
import path from 'node:path';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { describeUnknown, isKnownEncoding } from '../chunk/decode.ts';
import {
  chunkFileHeader,
  decodeChunkFile,
  type HeadChunk,
  largestChunkFrame,
  type MappedChunk,
  putChunk,
  putChunkFileHeader,
} from './chunk-file.ts';

const largestFile = 128 * 1024 * 1024;

export function chunkFile(dir: string, index: number): string {
  return path.join(dir, String(index).padStart(6, '0'));
}

export function listChunkFiles(dir: string): number[] {
  if (!fs.existsSync(dir)) return [];
  return fs
    .readdirSync(dir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Writes full chunks of the head: `put` gathers, `flush` writes them out; only then may anybody read them there. */
export class ChunkFiles {
  readonly dir: string;
  readonly #out = new ByteWriter(64 * 1024);
  #index: number;
  #file: number | undefined;
  /** Length of the newest file without what is gathered. */
  #length = 0;
  /** Newest sample time in each file. */
  readonly maxTimes = new Map<number, number>();

  /** Writes begin a new file behind the existing ones. */
  constructor(dir: string, existing: readonly MappedChunk[]) {
    this.dir = dir;
    this.#index = listChunkFiles(dir).at(-1) ?? 0;
    for (const { file, maxt } of existing) this.#noteTime(file, maxt);
  }

  put(chunk: HeadChunk, data: Uint8Array): { file: number; offset: number } {
    const end = this.#length + this.#out.length;
    if (this.#file === undefined || end + data.length + largestChunkFrame > largestFile) this.#next();
    const offset = this.#length + putChunk(this.#out, chunk, data);
    this.#noteTime(this.#index, chunk.maxt);
    return { file: this.#index, offset };
  }

  get gathered(): number {
    return this.#out.length;
  }

  /** @throws where the disk is full; what was gathered is forgotten then. */
  flush(): void {
    const out = this.#out;
    try {
      for (let done = 0; done < out.length; ) {
        done += fs.writeSync(this.#file!, out.bytes, done, out.length - done, this.#length + done);
      }
      this.#length += out.length;
    } finally {
      out.clear();
    }
  }

  /** Deletes the files whose chunks all end before `mint`. */
  truncate(mint: number): void {
    for (const [file, maxt] of this.maxTimes) {
      if (maxt >= mint || file === this.#index) continue;
      fs.rmSync(chunkFile(this.dir, file), { force: true });
      this.maxTimes.delete(file);
    }
  }

  close(): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
  }

  #next(): void {
    if (this.#file !== undefined) {
      this.flush();
      fs.closeSync(this.#file);
      this.#file = undefined;
    }
    fs.mkdirSync(this.dir, { recursive: true });
    const name = chunkFile(this.dir, this.#index + 1);
    this.#file = fs.openSync(name, 'wx');
    this.#length = 0;
    putChunkFileHeader(this.#out);
    try {
      this.flush();
    } catch (error) {
      // Without its beginning it would not be read again.
      fs.closeSync(this.#file);
      this.#file = undefined;
      fs.rmSync(name);
      throw error;
    }
    this.#index++;
  }

  #noteTime(file: number, maxt: number): void {
    this.maxTimes.set(file, Math.max(maxt, this.maxTimes.get(file) ?? -Infinity));
  }
}

/** All sound chunks of a folder in the order of their writing; what is damaged is cut off, and told to `log`. */
export function loadChunkFiles(dir: string, log: (line: string) => void): MappedChunk[] {
  const chunks: MappedChunk[] = [];
  const files = listChunkFiles(dir);
  for (const [i, file] of files.entries()) {
    const name = chunkFile(dir, file);
    const fault = decodeChunkFile(fs.readFileSync(name), file, chunks);
    if (!fault) continue;
    log(`repaired ${name}: ${fault.what} at offset ${fault.offset}; the log still holds the samples`);
    if (fault.offset < chunkFileHeader) fs.rmSync(name);
    else fs.truncateSync(name, fault.offset);
    for (const later of files.slice(i + 1)) fs.rmSync(chunkFile(dir, later));
    break;
  }
  return chunks;
}

/**
 * By the log's reference to their series, the chunks that may stand in front of it. Late ones come back from the log of
 * late samples. What we cannot decode comes back from the log, and so must all of that series: of its other chunks the
 * newer ones would hide it.
 */
export function chunksBySeries(
  chunks: readonly MappedChunk[],
  log: (line: string) => void = () => undefined,
): Map<number, MappedChunk[]> {
  const bySeries = Map.groupBy(
    chunks.filter(({ late }) => !late),
    ({ walRef }) => walRef,
  );
  const unknown = chunks.filter(({ encoding }) => !isKnownEncoding(encoding));
  for (const { walRef } of unknown) bySeries.delete(walRef);
  const [one] = unknown;
  if (one) {
    log(
      `passed over ${unknown.length} chunks of the head: ${describeUnknown(one.encoding)}; the log holds the samples`,
    );
  }
  return bySeries;
}
