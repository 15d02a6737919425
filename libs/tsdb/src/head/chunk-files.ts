import fs from 'node:fs';
import path from 'node:path';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { crc32c } from '../bytes/crc32c.ts';

// The layout is docs/formats/head-chunks.md.

const magic = 0x0130bc91;
const version = 1;
const fileHeader = 8;
/** Encoding byte of a chunk that was filled out of order. */
const lateBit = 0x80;
const largestFile = 128 * 1024 * 1024;

/** Where the data of a chunk stands: bytes [offset, offset + length) of a file. */
export interface MappedChunk {
  readonly walRef: number;
  readonly mint: number;
  readonly maxt: number;
  readonly encoding: number;
  readonly late: boolean;
  /** Samples. */
  readonly count: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

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
  readonly #maxTimes = new Map<number, number>();

  /** Writes begin a new file behind the existing ones. */
  constructor(dir: string, existing: readonly MappedChunk[]) {
    this.dir = dir;
    this.#index = listChunkFiles(dir).at(-1) ?? 0;
    for (const { file, maxt } of existing) this.#noteTime(file, maxt);
  }

  put(
    walRef: number,
    mint: number,
    maxt: number,
    encoding: number,
    late: boolean,
    data: Uint8Array,
  ): { file: number; offset: number } {
    if (this.#file === undefined || this.#length + this.#out.length + data.length + 40 > largestFile)
      this.#next();
    const out = this.#out;
    const start = out.length;
    out.u64(walRef);
    out.u64(mint);
    out.u64(maxt);
    out.u8(encoding | (late ? lateBit : 0));
    out.uvarint(data.length);
    const offset = this.#length + out.length;
    out.raw(data);
    out.u32(crc32c(out.bytes, start, out.length));
    this.#noteTime(this.#index, maxt);
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
    for (const [file, maxt] of this.#maxTimes) {
      if (maxt >= mint || file === this.#index) continue;
      fs.rmSync(chunkFile(this.dir, file), { force: true });
      this.#maxTimes.delete(file);
    }
  }

  close(): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
  }

  #next(): void {
    if (this.#file !== undefined) {
      this.flush();
      fs.closeSync(this.#file);
    }
    fs.mkdirSync(this.dir, { recursive: true });
    this.#index++;
    this.#file = fs.openSync(chunkFile(this.dir, this.#index), 'wx');
    this.#length = 0;
    this.#out.u32(magic);
    this.#out.u8(version);
    for (let i = 0; i < 3; i++) this.#out.u8(0);
    this.flush();
  }

  #noteTime(file: number, maxt: number): void {
    this.#maxTimes.set(file, Math.max(maxt, this.#maxTimes.get(file) ?? -Infinity));
  }
}

/** All sound chunks of a folder in the order of their writing; what is damaged is cut off, and told to `log`. */
export function loadChunkFiles(dir: string, log: (line: string) => void): MappedChunk[] {
  const chunks: MappedChunk[] = [];
  const files = listChunkFiles(dir);
  for (const [i, file] of files.entries()) {
    const name = chunkFile(dir, file);
    const fault = loadFile(name, file, chunks);
    if (!fault) continue;
    log(`repaired ${name}: ${fault.what} at offset ${fault.offset}; the log still holds the samples`);
    if (fault.offset < fileHeader) fs.rmSync(name);
    else fs.truncateSync(name, fault.offset);
    for (const later of files.slice(i + 1)) fs.rmSync(chunkFile(dir, later));
    break;
  }
  return chunks;
}

function loadFile(
  name: string,
  file: number,
  into: MappedChunk[],
): { offset: number; what: string } | undefined {
  const bytes = fs.readFileSync(name);
  const reader = new ByteReader(bytes);
  let start = 0;
  try {
    if (reader.u32() !== magic || reader.u8() !== version) return { offset: 0, what: 'bad magic or version' };
    reader.take(3);
    while (reader.left > 0) {
      start = reader.at;
      const walRef = reader.u64();
      if (walRef === 0) return undefined;
      const mint = reader.i64();
      const maxt = reader.i64();
      const kind = reader.u8();
      const length = reader.uvarint();
      const offset = reader.take(length);
      const end = reader.at;
      if (reader.u32() !== crc32c(bytes, start, end)) return { offset: start, what: 'checksum does not fit' };
      const late = (kind & lateBit) !== 0;
      const count = (bytes[offset]! << 8) | bytes[offset + 1]!;
      into.push({ walRef, mint, maxt, encoding: kind & ~lateBit, late, count, file, offset, length });
    }
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return { offset: start, what: 'the file is cut off' };
    throw error;
  }
}
