import fs from 'node:fs';
import { crc32c } from '../bytes/crc32c.ts';
import { segmentFile, segmentMagic, segmentVersion } from './chunk-segments.ts';
import { OutFile } from './out-file.ts';

const largestSegment = 512 * 1024 * 1024;
/** Length and encoding in front of the data, checksum behind it. */
const largestFrame = 5 + 1 + 4;

/** Writes the chunks of a new block, segment by segment. */
export class ChunkWriter {
  readonly #dir: string;
  readonly #limit: number;
  #segment = -1;
  #file: OutFile | undefined;

  constructor(dir: string, limit = largestSegment) {
    fs.mkdirSync(dir);
    this.#dir = dir;
    this.#limit = limit;
  }

  /** The reference of the chunk. */
  add(encoding: number, bytes: Uint8Array, at: number, end: number): number {
    const file = this.#room(end - at + largestFrame);
    const offset = file.position;
    const { out } = file;
    out.uvarint(end - at);
    const start = out.length;
    out.u8(encoding);
    out.raw(bytes.subarray(at, end));
    out.u32(crc32c(out.bytes, start, out.length));
    file.flush();
    return this.#segment * 2 ** 32 + offset;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  abandon(): void {
    this.#file?.abandon();
    this.#file = undefined;
  }

  #room(bytes: number): OutFile {
    if (this.#file && this.#file.position + bytes <= this.#limit) return this.#file;
    this.#file?.close();
    this.#file = new OutFile(segmentFile(this.#dir, ++this.#segment));
    const { out } = this.#file;
    out.u32(segmentMagic);
    out.u8(segmentVersion);
    for (let i = 0; i < 3; i++) out.u8(0);
    return this.#file;
  }
}
