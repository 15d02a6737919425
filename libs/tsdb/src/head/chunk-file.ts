import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { crc32c } from '../bytes/crc32c.ts';

// The layout is docs/formats/head-chunks.md; put and decode are twins.

const magic = 0x0130bc91;
const version = 1;
export const chunkFileHeader = 8;
/** Encoding byte of a chunk that was filled out of order. */
const lateBit = 0x80;
/** What a chunk takes beside its data, at most. */
export const largestChunkFrame = 40;

/** What a file says of a chunk, its data aside. */
export interface HeadChunk {
  readonly walRef: number;
  readonly mint: number;
  readonly maxt: number;
  readonly encoding: number;
  readonly late: boolean;
}

/** Where the data of a chunk stands: bytes [offset, offset + length) of a file. */
export interface MappedChunk extends HeadChunk {
  /** Samples. */
  readonly count: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

export function putChunkFileHeader(out: ByteWriter): void {
  out.u32(magic);
  out.u8(version);
  for (let i = 0; i < 3; i++) out.u8(0);
}

/** Returns the place in `out` where the data begins. */
export function putChunk(out: ByteWriter, chunk: HeadChunk, data: Uint8Array): number {
  const start = out.length;
  out.u64(chunk.walRef);
  out.u64(chunk.mint);
  out.u64(chunk.maxt);
  out.u8(chunk.encoding | (chunk.late ? lateBit : 0));
  out.uvarint(data.length);
  const offset = out.length;
  out.raw(data);
  out.u32(crc32c(out.bytes, start, out.length));
  return offset;
}

/** Where a file stops making sense, and why. */
export interface ChunkFileFault {
  readonly offset: number;
  readonly what: string;
}

/** Appends the chunks of a file to `into`, up to the first fault. */
export function decodeChunkFile(
  bytes: Uint8Array,
  file: number,
  into: MappedChunk[],
): ChunkFileFault | undefined {
  const reader = new ByteReader(bytes);
  let start = 0;
  try {
    if (reader.u32() !== magic || reader.u8() !== version) return { offset: 0, what: 'bad magic or version' };
    reader.take(3);
    while (reader.left > 0) {
      start = reader.at;
      const walRef = reader.u64();
      if (walRef === 0)
        return isZero(bytes, start) ? undefined : { offset: start, what: 'padding is not zero' };
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

function isZero(bytes: Uint8Array, from: number): boolean {
  return bytes.subarray(from).every((byte) => byte === 0);
}
