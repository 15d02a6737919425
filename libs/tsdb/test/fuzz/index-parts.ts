import fs from 'node:fs';
import path from 'node:path';
import { labelsFrom } from '@paddlewatch/model';
import { Block } from '../../src/block/block.ts';
import { BlockIndex } from '../../src/block/block-index.ts';
import { BlockSource } from '../../src/block/block-source.ts';
import { BlockWriter } from '../../src/block/block-writer.ts';
import { FileWindows } from '../../src/block/file-windows.ts';
import { verifyBlock } from '../../src/block/inspect.ts';
import { readToc, type Toc } from '../../src/block/toc.ts';
import { newUlid } from '../../src/block/ulid.ts';
import { WindowMemory } from '../../src/block/window-memory.ts';
import { crc32c } from '../../src/bytes/crc32c.ts';
import { SampleColumns } from '../../src/chunk/sample-columns.ts';
import type { Random } from '../random.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { damaged } from './damage.ts';
import type { Decoder } from './decoders.ts';

const seriesCount = 5;
const samplesPerSeries = 50;
const start = 1.7e12;
/** A few windows are enough, and cheaper than new ones for each input. */
const windowBytes = 512 * 1024;

export const indexDecoders = {
  'index-toc': () => indexPart((_, size) => ({ from: size - 52, to: size - 4 })),
  'index-symbols': () => indexPart((toc, _, bytes) => section(bytes, toc.symbols)),
  'index-series': () => indexPart(anySeries),
  'index-postings': () => indexPart(anyPostings),
  'index-postings-table': () => indexPart((toc, _, bytes) => section(bytes, toc.postingsOffsets)),
  block: wholeBlock,
};

/** Bytes that a checksum of four bytes follows. */
interface Part {
  readonly from: number;
  readonly to: number;
}

type FindPart = (toc: Toc, size: number, bytes: Buffer, random: Random) => Part;

function section(bytes: Buffer, offset: number): Part {
  return { from: offset + 4, to: offset + 4 + bytes.readUInt32BE(offset) };
}

function anySeries(toc: Toc, _: number, bytes: Buffer, random: Random): Part {
  let at = toc.series;
  for (let skip = random(seriesCount); skip > 0; skip--) {
    at = Math.ceil((at + 1 + bytes[at]! + 4) / 16) * 16;
  }
  return { from: at + 1, to: at + 1 + bytes[at]! };
}

function anyPostings(toc: Toc, _: number, bytes: Buffer, random: Random): Part {
  let at = toc.postings;
  for (let skip = random(2 * seriesCount); skip > 0; skip--) at = section(bytes, at).to + 4;
  return section(bytes, at);
}

/** A part of an index is damaged and its checksum mended; then everything is read that a query may read. */
function indexPart(find: FindPart): Decoder {
  const home = temporaryFolder('fuzz-index-');
  const folder = writeBlock(home);
  const file = path.join(folder, 'index');
  const sound = fs.readFileSync(file);
  const opened = newWindows().open(file);
  const toc = readToc(opened);
  opened.close();
  const fd = fs.openSync(file, 'r+');
  return {
    feed(random) {
      const bytes = Buffer.from(sound);
      const { from, to } = find(toc, sound.length, sound, random);
      const part = damaged(sound.subarray(from, to), random);
      bytes.set(part.subarray(0, to - from), from);
      bytes.writeUInt32BE(crc32c(bytes, from, to), to);
      fs.writeSync(fd, bytes, 0, bytes.length, 0);
      readIndex(file, newWindows());
    },
    close() {
      fs.closeSync(fd);
      fs.rmSync(home, { recursive: true });
    },
  };
}

/**
 * Any file of a block is damaged, checksums as they were: it is refused, or the answer is the right one. Where a sound
 * postings list or series lies over another, no checksum tells; then whoever verifies the block must see it.
 */
function wholeBlock(): Decoder {
  const home = temporaryFolder('fuzz-block-');
  const folder = writeBlock(home);
  const files = ['index', 'chunks/000001', 'tombstones', 'meta.json'].map((name) => path.join(folder, name));
  const sound = files.map((file) => fs.readFileSync(file));
  return {
    feed(random) {
      const which = random(files.length);
      fs.writeFileSync(files[which]!, damaged(sound[which]!, random));
      try {
        const samples = readAll(folder, newWindows());
        if (samples !== seriesCount * samplesPerSeries && verifyBlock(folder).length === 0) {
          throw new Error(
            `a damaged ${files[which]} gave ${samples} samples, no error, and passes for sound`,
          );
        }
      } finally {
        fs.writeFileSync(files[which]!, sound[which]!);
      }
    },
    close: () => fs.rmSync(home, { recursive: true }),
  };
}

function writeBlock(home: string): string {
  const writer = new BlockWriter(home, newUlid(1));
  const columns = new SampleColumns();
  for (let i = 0; i < samplesPerSeries; i++) {
    columns.t[i] = start + 15_000 * i + (i % 3);
    columns.v[i] = Math.sin(i);
  }
  columns.length = samplesPerSeries;
  for (let i = 0; i < seriesCount; i++) {
    writer.addSamples(columns);
    writer.endSeries(labelsFrom({ __name__: 'm', i: String(i), zone: i % 2 ? 'a' : '' }));
  }
  writer.finish({
    minTime: start,
    maxTime: start + 3_600_000,
    compaction: { level: 1, sources: [writer.ulid] },
  });
  return path.join(home, writer.ulid);
}

function readIndex(file: string, windows: FileWindows): void {
  const index = new BlockIndex(windows, file);
  try {
    for (const name of index.table.names()) {
      const entry = index.table.entry(name)!;
      for (const value of index.table.values(entry)) index.withValue(name, value);
    }
    const all = index.everything();
    index.column(all, 'zone');
    index.hashes(all);
    index.chunkTable(all);
    for (const series of all) index.labels(series);
  } finally {
    index.close();
  }
}

/** Returns the number of samples. */
function readAll(folder: string, windows: FileWindows): number {
  const block = new Block(folder, windows);
  try {
    const source = new BlockSource(block);
    for (const name of source.labelNames([])) source.labelValues(name, []);
    source.labelNames([{ type: '=', name: 'i', value: '1' }]);
    const set = source.select([{ type: '!=', name: 'i', value: '' }], { mint: 0, maxt: Infinity });
    set.column('zone');
    set.hashes?.();
    const into = new SampleColumns();
    let samples = 0;
    for (let i = 0; i < set.length; i++) {
      into.clear();
      set.labels(i);
      set.read(i, 0, Infinity, into);
      samples += into.length;
    }
    return samples;
  } finally {
    block.close();
  }
}

/** New ones for each input: the file is written to so fast that it does not look changed. */
function newWindows(): FileWindows {
  return new FileWindows(WindowMemory.ofSize(windowBytes, ArrayBuffer));
}
