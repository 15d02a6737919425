import { ByteReader } from '../bytes/byte-reader.ts';
import { crc32c } from '../bytes/crc32c.ts';
import { BlockError } from './block-error.ts';
import type { WindowedFile } from './file-windows.ts';

/** A part of an index as it stands in the file: u32 length, content, u32 CRC32C of the content. */
export function readSection(file: WindowedFile, offset: number): Uint8Array<ArrayBuffer> {
  const length = sectionLength(file, offset);
  const bytes = file.read(offset + 4, length + 4);
  const sum = new ByteReader(bytes, length).u32();
  if (crc32c(bytes, 0, length) !== sum) throw new BlockError(file.path, offset, 'the checksum differs');
  return bytes.subarray(0, length);
}

export function sectionLength(file: WindowedFile, offset: number): number {
  return new ByteReader(file.read(offset, 4)).u32();
}

/** Runs a decoder over bytes that begin at `offset` of a file; its RangeErrors become errors that name the place. */
export function decoding<T>(file: string, offset: number, reader: ByteReader, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof RangeError) throw new BlockError(file, offset + reader.at, error.message);
    throw error;
  }
}
