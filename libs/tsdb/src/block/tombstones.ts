import fs from 'node:fs';
import path from 'node:path';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { crc32c } from '../bytes/crc32c.ts';
import { addInterval, type Interval } from '../read/intervals.ts';
import { BlockError } from './block-error.ts';
import { replaceFile } from './durable.ts';
import { decoding } from './section.ts';

// The layout is docs/formats/tombstones.md.

const magic = 0x0130ba30;
const version = 1;
const header = 5;

/** What is deleted of a block, by series reference; intervals in order, none touching the next. */
export type Tombstones = ReadonlyMap<number, readonly Interval[]>;

export function tombstonesFile(dir: string): string {
  return path.join(dir, 'tombstones');
}

/** Empty where there is no file. @throws BlockError */
export function readTombstones(dir: string): Tombstones {
  const file = tombstonesFile(dir);
  if (!fs.existsSync(file)) return new Map();
  return decodeTombstones(file, fs.readFileSync(file));
}

export function decodeTombstones(file: string, bytes: Uint8Array): Tombstones {
  const end = bytes.length - 4;
  if (end < header) throw new BlockError(file, 0, 'it is too short for tombstones');
  const reader = new ByteReader(bytes);
  if (reader.u32() !== magic) throw new BlockError(file, 0, 'it does not begin as tombstones');
  const found = reader.u8();
  if (found !== version) throw new BlockError(file, 4, `version ${found} is not known`);
  if (crc32c(bytes, header, end) !== new ByteReader(bytes, end).u32()) {
    throw new BlockError(file, end, 'the checksum differs');
  }
  reader.end = end;
  const stones = new Map<number, Interval[]>();
  decoding(file, 0, reader, () => {
    while (reader.left > 0) {
      const series = reader.uvarint();
      addInterval(stones, series, { mint: reader.varint(), maxt: reader.varint() });
    }
  });
  return stones;
}

export function encodeTombstones(stones: Tombstones): Uint8Array {
  const out = new ByteWriter();
  out.u32(magic);
  out.u8(version);
  for (const [series, intervals] of [...stones].sort(([a], [b]) => a - b)) {
    for (const { mint, maxt } of intervals) {
      out.uvarint(series);
      out.varint(mint);
      out.varint(maxt);
    }
  }
  out.u32(crc32c(out.bytes, header, out.length));
  return out.view();
}

/** In place of what was there, whole or not at all. */
export function writeTombstones(dir: string, stones: Tombstones): void {
  replaceFile(tombstonesFile(dir), encodeTombstones(stones));
}
