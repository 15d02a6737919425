import fs from 'node:fs';
import path from 'node:path';
import { crc32c } from '../bytes/crc32c.ts';
import { describeUnknown, isKnownEncoding } from '../chunk/decode.ts';
import { BlockError } from './block-error.ts';
import type { FileWindows, WindowedFile } from './file-windows.ts';

// The layout is docs/formats/chunks.md.

export const segmentMagic = 0x85bd40dd;
export const segmentVersion = 1;
export const segmentHeader = 8;
const longestLength = 5;

export function segmentFile(dir: string, index: number): string {
  return path.join(dir, String(index + 1).padStart(6, '0'));
}

/** The chunks of a block: `seek`, then look at `bytes` in [at, end). Valid until the next seek in the same windows. */
export class ChunkSegments {
  readonly #segments: WindowedFile[] = [];
  encoding = 0;
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  #file = '';
  #offset = 0;

  /** @throws BlockError where a file does not begin as a segment. */
  constructor(windows: FileWindows, dir: string) {
    const names = fs.readdirSync(dir).filter((name) => /^\d+$/.test(name));
    for (const name of names.sort()) this.#segments.push(openSegment(windows, path.join(dir, name)));
  }

  /** Bytes of all segments. */
  get size(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  /** @throws BlockError where there is no such chunk or its checksum differs. */
  seek(chunk: number): void {
    const number = Math.floor(chunk / 2 ** 32);
    const offset = chunk % 2 ** 32;
    const file = this.#segments[number];
    if (!file) throw new BlockError(`chunks/${number + 1}`, offset, 'there is no such segment');
    file.seek(offset, longestLength);
    let { bytes, at } = file;
    let length = 0;
    let scale = 1;
    let byte = 0;
    do {
      byte = bytes[at++]!;
      length += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127 && at - file.at < longestLength);
    const head = at - file.at;
    file.seek(offset, head + 1 + length + 4);
    bytes = file.bytes;
    at = file.at + head;
    const end = at + 1 + length;
    if (!file.checked) {
      const sum =
        ((bytes[end]! << 24) | (bytes[end + 1]! << 16) | (bytes[end + 2]! << 8) | bytes[end + 3]!) >>> 0;
      if (crc32c(bytes, at, end) !== sum) {
        throw new BlockError(file.path, offset, 'the checksum of a chunk differs');
      }
      file.noteChecked();
    }
    this.encoding = bytes[at]!;
    if (!isKnownEncoding(this.encoding)) {
      throw new BlockError(file.path, offset, `chunk ${describeUnknown(this.encoding)}`);
    }
    this.bytes = bytes;
    this.at = at + 1;
    this.end = end;
    this.#file = file.path;
    this.#offset = offset;
  }

  /** An error about the chunk of the last seek. */
  fault(what: string): BlockError {
    return new BlockError(this.#file, this.#offset, what);
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
  }
}

function openSegment(windows: FileWindows, file: string): WindowedFile {
  const segment = windows.open(file);
  const { size } = segment;
  const bytes = segment.read(0, Math.min(size, segmentHeader));
  const view = new DataView(bytes.buffer);
  if (size < segmentHeader || view.getUint32(0) !== segmentMagic) {
    segment.close();
    throw new BlockError(file, 0, 'it does not begin as a chunk segment');
  }
  if (bytes[4] !== segmentVersion) {
    segment.close();
    throw new BlockError(file, 4, `version ${bytes[4]} is not known`);
  }
  return segment;
}
