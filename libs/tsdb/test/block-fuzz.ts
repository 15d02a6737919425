// Feeds damaged files to every decoder of a block: the answer is an error that names file and offset, never a hang.
//   node libs/tsdb/test/block-fuzz.ts --inputs 1000000 [--seed 1]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { labelsFrom } from '@paddlewatch/model';
import { Block } from '../src/block/block.ts';
import { BlockError } from '../src/block/block-error.ts';
import { BlockSource } from '../src/block/block-source.ts';
import { BlockWriter } from '../src/block/block-writer.ts';
import { parseMeta } from '../src/block/meta.ts';
import { PostingsTable } from '../src/block/postings-table.ts';
import { Symbols } from '../src/block/symbols.ts';
import { decodeTombstones, encodeTombstones } from '../src/block/tombstones.ts';
import { newUlid } from '../src/block/ulid.ts';
import { crc32c } from '../src/bytes/crc32c.ts';
import { decodeChunk } from '../src/chunk/decode.ts';
import { encodeChunks } from '../src/chunk/encode.ts';
import { SampleColumns } from '../src/chunk/sample-columns.ts';
import { addInterval, type Interval } from '../src/read/intervals.ts';
import { type Random, randomFrom } from './random.ts';

/** Runs inputs through all decoders in turn; how many were refused. @throws what is not an error with a name. */
export function fuzzBlocks(inputs: number, seed: number): number {
  const random = randomFrom(seed);
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'block-fuzz-'));
  try {
    const targets = [...plainDecoders(), wholeBlock(home)];
    let refused = 0;
    for (let i = 0; i < inputs; i++) {
      // Whole blocks are files: one input in fifty.
      const target = i % 50 === 0 ? targets.at(-1)! : targets[i % (targets.length - 1)]!;
      if (!survives(target, random)) refused++;
    }
    return refused;
  } finally {
    fs.rmSync(home, { recursive: true });
  }
}

type Target = (random: Random) => void;

function survives(target: Target, random: Random): boolean {
  try {
    target(random);
    return true;
  } catch (error) {
    if (error instanceof BlockError) return false;
    throw error;
  }
}

/** Decoders of bytes in memory; checksums are mended after the damage, so that it comes through to them. */
function plainDecoders(): Target[] {
  const tombstones = soundTombstones();
  const chunk = soundChunk();
  const symbols = Buffer.from('\0\0\0\x03\x01a\x02bc\x04zone', 'latin1');
  const table = Buffer.from('\0\0\0\x02\x02\0\0\x05\x02\x01a\x02bc\x85\x01', 'latin1');
  const meta = JSON.stringify({
    ulid: newUlid(1),
    minTime: 1,
    maxTime: 2,
    stats: { numSamples: 1 },
    compaction: { level: 1, sources: [newUlid(1)] },
    version: 1,
  });
  return [
    (random) => {
      const bytes = damaged(tombstones, random);
      const end = bytes.length - 4;
      if (end > 5) new DataView(bytes.buffer, bytes.byteOffset).setUint32(end, crc32c(bytes, 5, end));
      decodeTombstones('tombstones', bytes);
    },
    (random) => {
      const bytes = damaged(chunk, random);
      const padded = new Uint8Array(bytes.length + 8);
      padded.set(bytes);
      const into = new SampleColumns();
      for (const encoding of [1, 2, 3]) decodeChunk(encoding, padded, 0, bytes.length, 0, Infinity, into);
    },
    (random) => {
      const bytes = damaged(symbols, random);
      const read = new Symbols('symbols', 0, bytes);
      for (let i = 0; i < Math.min(read.length, 100); i++) read.find(read.text(i));
    },
    (random) => {
      const bytes = damaged(table, random);
      const read = new PostingsTable('postings', 0, bytes);
      for (const name of read.names()) {
        const entry = read.entry(name)!;
        for (const value of read.values(entry)) read.listOffset(entry, Math.max(0, read.find(entry, value)));
      }
    },
    (random) => parseMeta('meta.json', Buffer.from(damaged(Buffer.from(meta), random)).toString()),
  ];
}

function soundTombstones(): Uint8Array {
  const stones = new Map<number, Interval[]>();
  for (let i = 1; i < 9; i++) addInterval(stones, i * 100, { mint: i * 1e9, maxt: i * 2e9 });
  return encodeTombstones(stones);
}

function soundChunk(): Uint8Array {
  let copy = new Uint8Array(0);
  encodeChunks(soundSamples(), (_, bytes, at, end) => {
    copy = bytes.slice(at, end);
  });
  return copy;
}

function soundSamples(): SampleColumns {
  const columns = new SampleColumns();
  columns.reserve(50);
  for (let i = 0; i < 50; i++) {
    columns.t[i] = 1.7e12 + 15_000 * i + (i % 3);
    columns.v[i] = Math.sin(i);
    columns.length++;
  }
  return columns;
}

/** A small block on disk, one of its files damaged; the checksums stand as they were. */
function wholeBlock(home: string): Target {
  const writer = new BlockWriter(home, newUlid(1));
  for (let i = 0; i < 5; i++) {
    writer.addSamples(soundSamples());
    writer.endSeries(labelsFrom({ __name__: 'm', i: String(i) }));
  }
  writer.finish({ minTime: 1.7e12, maxTime: 1.8e12, compaction: { level: 1, sources: [writer.ulid] } });
  const folder = path.join(home, writer.ulid);
  const files = ['index', 'chunks/000001', 'tombstones'].map((name) => path.join(folder, name));
  const sound = files.map((file) => fs.readFileSync(file));
  return (random) => {
    const which = random(files.length);
    fs.writeFileSync(files[which]!, damaged(sound[which]!, random));
    try {
      readAll(folder);
    } finally {
      fs.writeFileSync(files[which]!, sound[which]!);
    }
  };
}

function readAll(folder: string): void {
  const block = new Block(folder);
  try {
    const set = new BlockSource(block).select([], { mint: 0, maxt: Infinity });
    const into = new SampleColumns();
    for (let i = 0; i < set.length; i++) {
      set.labels(i);
      set.read(i, 0, Infinity, into);
    }
    if (into.length !== 250)
      throw new Error(`a damaged block gave ${into.length} samples, not 250 and no error`);
  } finally {
    block.close();
  }
}

/** Some flipped bits, some other bytes, perhaps an end cut off. */
function damaged(sound: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sound);
  for (let n = 1 + random(3); n > 0; n--) bytes[random(bytes.length)]! ^= 1 << random(8);
  if (random(4) === 0) bytes[random(bytes.length)] = [0, 0x7f, 0x80, 0xff][random(4)]!;
  return random(4) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
  });
  console.log({ refused: fuzzBlocks(Number(values.inputs), Number(values.seed)) });
}
