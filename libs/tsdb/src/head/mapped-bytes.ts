import fs from 'node:fs';
import { chunkFile } from './chunk-files.ts';

const windowBits = 18;
const windowSize = 1 << windowBits;
/** Windows kept: 16 MiB for each reading thread. */
const mostWindows = 64;
/** Decoders look a few bytes beyond a chunk. */
const slack = 8;

/**
 * Reads chunks from `chunks_head/` through a few windows of memory. Chunks of one time stand together there, in order
 * of series, so a query over many series reads few windows.
 */
export class MappedBytes {
  readonly #dir: string;
  readonly #files = new Map<number, number>();
  /** By file × 2¹⁰ + number of the window in it; the oldest use first. */
  readonly #windows = new Map<number, Uint8Array>();
  #wide: Uint8Array = new Uint8Array(0);
  /** Where the bytes of the last `read` stand. */
  bytes: Uint8Array = this.#wide;
  at = 0;
  /** The file that was not there, for messages. */
  missing = '';

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Sets `bytes` and `at` to `length` bytes at `offset`; false where the file is gone: its chunks are truncated. */
  read(file: number, offset: number, length: number): boolean {
    const first = offset >>> windowBits;
    const inside = offset - first * windowSize;
    if (inside + length > windowSize) return this.#readWide(file, offset, length);
    const key = file * 1024 + first;
    let window = this.#windows.get(key);
    if (!window || window.length < inside + length + slack) {
      const fresh = this.#load(file, first * windowSize, windowSize, this.#freeWindow(key));
      if (!fresh) return false;
      window = fresh;
      this.#windows.set(key, window);
    }
    this.bytes = window;
    this.at = inside;
    return window.length >= inside + length + slack;
  }

  #readWide(file: number, offset: number, length: number): boolean {
    const wide = this.#load(file, offset, length, new Uint8Array(length + slack));
    if (!wide) return false;
    this.#wide = wide;
    this.bytes = wide;
    this.at = 0;
    return wide.length >= length + slack;
  }

  /** Memory for the window of a key: a large new array each time would keep the garbage collector busy. */
  #freeWindow(key: number): Uint8Array {
    const size = windowSize + slack;
    const old =
      this.#windows.has(key) || this.#windows.size < mostWindows ? key : this.#windows.keys().next().value!;
    const window = this.#windows.get(old);
    this.#windows.delete(old);
    return window ? new Uint8Array(window.buffer, 0, size) : new Uint8Array(size);
  }

  /** Reads into `bytes`; undefined where the file is gone. */
  #load(file: number, offset: number, length: number, bytes: Uint8Array): Uint8Array | undefined {
    let fd = this.#files.get(file);
    if (fd === undefined) {
      try {
        fd = fs.openSync(chunkFile(this.#dir, file), 'r');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        this.missing = chunkFile(this.#dir, file);
        return undefined;
      }
      this.#files.set(file, fd);
      this.#closeDeleted();
    }
    const got = fs.readSync(fd, bytes, 0, length, offset);
    return bytes.subarray(0, got + slack);
  }

  /** An open file that was deleted would keep its bytes on the disk. */
  #closeDeleted(): void {
    for (const [file, fd] of this.#files) {
      if (fs.existsSync(chunkFile(this.#dir, file))) continue;
      fs.closeSync(fd);
      this.#files.delete(file);
    }
  }
}
