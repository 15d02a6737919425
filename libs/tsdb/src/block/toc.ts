import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { crc32c } from '../bytes/crc32c.ts';
import { BlockError } from './block-error.ts';
import type { WindowedFile } from './file-windows.ts';

// The layout is docs/formats/index.md.

export const indexMagic = 0xbaaad700;
export const indexVersion = 2;
export const indexHeader = 5;
const tocSize = 52;

/** Offsets of the sections of an index. */
export interface Toc {
  readonly symbols: number;
  readonly series: number;
  readonly labelIndices: number;
  readonly labelOffsets: number;
  readonly postings: number;
  readonly postingsOffsets: number;
}

/** @throws BlockError where the file is no index of version 2 or its end is damaged. */
export function readToc(file: WindowedFile): Toc {
  if (file.size < indexHeader + tocSize) throw new BlockError(file.path, 0, 'it is too short for an index');
  const head = new ByteReader(file.read(0, indexHeader));
  if (head.u32() !== indexMagic) throw new BlockError(file.path, 0, 'it does not begin as an index');
  const version = head.u8();
  if (version !== indexVersion) throw new BlockError(file.path, 4, `version ${version} is not known`);
  const at = file.size - tocSize;
  const bytes = file.read(at, tocSize);
  const reader = new ByteReader(bytes);
  const toc = {
    symbols: reader.u64(),
    series: reader.u64(),
    labelIndices: reader.u64(),
    labelOffsets: reader.u64(),
    postings: reader.u64(),
    postingsOffsets: reader.u64(),
  };
  if (crc32c(bytes, 0, tocSize - 4) !== reader.u32()) {
    throw new BlockError(file.path, at, 'the checksum of the table of contents differs');
  }
  return toc;
}

export function writeToc(out: ByteWriter, toc: Toc): void {
  const start = out.length;
  out.u64(toc.symbols);
  out.u64(toc.series);
  out.u64(toc.labelIndices);
  out.u64(toc.labelOffsets);
  out.u64(toc.postings);
  out.u64(toc.postingsOffsets);
  out.u32(crc32c(out.bytes, start, out.length));
}
