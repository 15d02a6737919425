import { decodeHistograms, type HistogramEncoding } from '../chunk/histogram.ts';
import type { SampleSink } from '../chunk/sample-sink.ts';
import { encodingXor, xorHeader } from '../chunk/xor.ts';
import { decodeXor } from '../chunk/xor-decoder.ts';
import { coversAll, type Interval } from '../read/intervals.ts';
import { mergeRuns } from '../read/merge.ts';
import type { MappedBytes } from './mapped-bytes.ts';
import {
  chunkData,
  chunkField,
  controlWord,
  lateData,
  mappedFlag,
  rowField,
  rowWords,
  type SharedHead,
} from './shared-head.ts';

// The writer may move or free a block while it is read: then the generation of the block has risen, what was read from
// it is thrown away, and the read begins anew.

/** Blocks of float chunks are smaller: 120 samples of 19 bytes, and the slack of their class. Histograms may be larger. */
const largestBlock = 4096;
/** The writer changes a series a few times a second; whoever meets a change so often meets damage. */
const mostTries = 1000;

/** Blocks of one series that a read needs, newest first; reused from read to read. */
const chain: number[] = [];
const generations: number[] = [];
const counts: number[] = [];

/** The bytes of a chunk, its header included, as a block stores them. */
export interface ChunkBytes {
  readonly mint: number;
  readonly maxt: number;
  readonly encoding: number;
  readonly count: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The head as one thread reads it. */
export interface HeadView {
  readonly shared: SharedHead;
  readonly mapped: MappedBytes;
}

/** The commits that a reader sees: those that were complete when it came. */
export function completeCommits({ shared }: HeadView): number {
  return Atomics.load(shared.control, controlWord.committed);
}

/**
 * Appends the samples of a slot with mint ≤ t ≤ maxt, late ones in their places. Of a scrape that is being committed
 * meanwhile nothing is shown: `commits` is the last one to be seen. A query that outlasts a scrape interval may see more.
 */
export function readSeries(
  view: HeadView,
  slot: number,
  commits: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): void {
  const start = into.length;
  untilStable(view, () => {
    into.length = start;
    if (into.histograms.length > start) into.histograms.length = start;
    return (
      tryReadChunks(view, slot, commits, mint, maxt, into) && tryReadLate(view, slot, mint, maxt, into, start)
    );
  });
}

/** Whether a slot has a block that overlaps mint … maxt and is not deleted as a whole. */
export function hasSamples(
  shared: SharedHead,
  slot: number,
  mint: number,
  maxt: number,
  deleted: readonly Interval[] = [],
): boolean {
  for (const field of [rowField.chunk, rowField.late]) {
    const length = walk(shared, rowWords * slot + field, mint, maxt);
    // Where the chain changes under the walk, a sample just came or moved.
    if (length < 0 || chain.slice(0, length).some((address) => !isDeleted(shared, address, deleted)))
      return true;
  }
  return false;
}

function isDeleted({ arena: { f64 } }: SharedHead, address: number, deleted: readonly Interval[]): boolean {
  return coversAll(deleted, f64[address + chunkField.mint / 2]!, f64[address + chunkField.maxt / 2]!);
}

/** The times between which a slot has samples, for the thread that writes; mint above maxt where it has none. */
export function timeSpan(shared: SharedHead, slot: number): Interval {
  let mint = Number.POSITIVE_INFINITY;
  let maxt = Number.NEGATIVE_INFINITY;
  for (const field of [rowField.chunk, rowField.late]) {
    const length = walk(shared, rowWords * slot + field, -Infinity, Infinity);
    const { f64 } = shared.arena;
    for (const address of chain.slice(0, length)) {
      mint = Math.min(mint, f64[address + chunkField.mint / 2]!);
      maxt = Math.max(maxt, f64[address + chunkField.maxt / 2]!);
    }
  }
  return { mint, maxt };
}

/** Copies of the chunks of a slot that overlap mint … maxt, oldest first; late samples are not in them. */
export function copyChunks(view: HeadView, slot: number, mint: number, maxt: number): ChunkBytes[] {
  const copies: ChunkBytes[] = [];
  untilStable(view, () => {
    copies.length = 0;
    return tryCopyChunks(view, slot, mint, maxt, copies);
  });
  return copies;
}

function untilStable(view: HeadView, attempt: () => boolean): void {
  for (let tries = 0; !attempt(); tries++) {
    if (tries === mostTries)
      throw new Error(`cannot read a series of the head: missing ${view.mapped.missing}`);
  }
}

function tryReadChunks(
  view: HeadView,
  slot: number,
  commits: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  const { shared } = view;
  const length = walk(shared, rowWords * slot + rowField.chunk, mint, maxt);
  if (length > 0) hideNewer(shared, chain[0]!, commits);
  for (let i = length - 1; i >= 0; i--) {
    const address = chain[i]!;
    if (!locate(view, address)) return false;
    const { bytes, at, end, encoding } = found;
    const sound =
      encoding === encodingXor
        ? decodeXor(bytes, at + xorHeader, end, counts[i]!, mint, maxt, into)
        : decodeHistograms(encoding as HistogramEncoding, bytes, at, end, counts[i]!, mint, maxt, into);
    if (Atomics.load(shared.arena.i32, 2 * address) !== generations[i]) return false;
    if (!sound) throw new Error(`cannot read a series of the head: a chunk is damaged (slot ${slot})`);
  }
  return length >= 0;
}

function tryCopyChunks(
  view: HeadView,
  slot: number,
  mint: number,
  maxt: number,
  copies: ChunkBytes[],
): boolean {
  const { shared } = view;
  const length = walk(shared, rowWords * slot + rowField.chunk, mint, maxt);
  for (let i = length - 1; i >= 0; i--) {
    const address = chain[i]!;
    if (!locate(view, address)) return false;
    const { u32, f64 } = shared.arena;
    const bytes = (u32[2 * address + chunkField.bits]! + 7) >>> 3;
    const data = found.bytes.slice(found.at, found.at + bytes) as Uint8Array<ArrayBuffer>;
    // The header of an open chunk is not written yet.
    data[0] = counts[i]! >>> 8;
    data[1] = counts[i]!;
    copies.push({
      mint: f64[address + chunkField.mint / 2]!,
      maxt: f64[address + chunkField.maxt / 2]!,
      encoding: u32[2 * address + chunkField.kind]! & 255,
      count: counts[i]!,
      data,
    });
    // Of an open chunk bits, time and count must belong together.
    if (Atomics.load(shared.arena.i32, 2 * address + chunkField.count) !== counts[i]) return false;
    if (Atomics.load(shared.arena.i32, 2 * address) !== generations[i]) return false;
  }
  return length >= 0;
}

/** Takes what later commits added from the count of the newest chunk. */
function hideNewer(shared: SharedHead, address: number, commits: number): void {
  const { u32 } = shared.arena;
  const word = 2 * address;
  if (u32[word + chunkField.kind]! & mappedFlag) return;
  // Numbers of commits wrap around.
  if (((u32[word + chunkField.commit]! - commits) | 0) > 0) {
    counts[0] = Math.min(counts[0]!, u32[word + chunkField.window]! >>> 16);
  }
}

/** Where `locate` found the data of a chunk. */
const found = { bytes: new Uint8Array(0) as Uint8Array, at: 0, end: 0, encoding: 0 };

/** False where the file of a mapped chunk is gone. */
function locate({ shared, mapped }: HeadView, address: number): boolean {
  const { u32 } = shared.arena;
  const kind = u32[2 * address + chunkField.kind]!;
  const length = (u32[2 * address + chunkField.bits]! + 7) >>> 3;
  found.encoding = kind & 255;
  if (kind & mappedFlag) {
    if (!mapped.read(u32[2 * address + chunkField.file]!, u32[2 * address + chunkField.offset]!, length))
      return false;
    found.bytes = mapped.bytes;
    found.at = mapped.at;
  } else {
    found.at = 8 * address + chunkData;
    if (found.at + length > shared.arena.u8.length) shared.arena.refresh();
    found.bytes = shared.arena.u8;
  }
  found.end = found.at + length;
  return true;
}

/** Appends the late samples and merges them with those from `start` on. */
function tryReadLate(
  { shared }: HeadView,
  slot: number,
  mint: number,
  maxt: number,
  into: SampleSink,
  start: number,
): boolean {
  const length = walk(shared, rowWords * slot + rowField.late, mint, maxt);
  for (let i = 0; i < length; i++) {
    const address = chain[i]!;
    const { i32, u32, f64 } = shared.arena;
    const middle = into.length;
    const kind = u32[2 * address + chunkField.kind]!;
    if (kind !== 0) {
      if (!readLateHistogram(shared, address, kind, mint, maxt, into)) return false;
      if (Atomics.load(i32, 2 * address) !== generations[i]) return false;
      mergeRuns(into, start, middle);
      continue;
    }
    into.reserve(counts[i]!);
    for (let k = 0; k < counts[i]!; k++) {
      const at = address + lateData / 8 + 2 * k;
      const t = f64[at]!;
      if (t < mint || t > maxt) continue;
      into.t[into.length] = t;
      into.words[2 * into.length] = u32[2 * (at + 1)]!;
      into.words[2 * into.length++ + 1] = u32[2 * (at + 1) + 1]!;
    }
    if (Atomics.load(i32, 2 * address) !== generations[i]) return false;
    mergeRuns(into, start, middle);
  }
  return length >= 0;
}

/** False where the bytes make no chunk: then the block has become another one. */
function readLateHistogram(
  shared: SharedHead,
  address: number,
  encoding: number,
  mint: number,
  maxt: number,
  into: SampleSink,
): boolean {
  const length = shared.arena.u32[2 * address + chunkField.bits]! >>> 3;
  const at = 8 * address + lateData;
  if (at + length > shared.arena.u8.length) shared.arena.refresh();
  const { u8 } = shared.arena;
  return decodeHistograms(encoding as HistogramEncoding, u8, at, at + length, 1, mint, maxt, into);
}

/**
 * Fills `chain` with the blocks that overlap the range; −1 where the chain changed under the walk. Chunks are in order
 * of time, so the walk over them ends early; late blocks are few.
 */
function walk(shared: SharedHead, row: number, mint: number, maxt: number): number {
  const ordered = row % rowWords === rowField.chunk;
  let length = 0;
  let holder = 0;
  let holderGeneration = 0;
  let address = Atomics.load(shared.rows.i32, row);
  while (address !== 0) {
    if (8 * address + largestBlock > shared.arena.u8.length) shared.arena.refresh();
    const { i32, u32, f64 } = shared.arena;
    const generation = Atomics.load(i32, 2 * address);
    // The way here must still lead here, or the block may have become another series' before its generation was read.
    const link = holder === 0 ? shared.rows.i32 : i32;
    if (Atomics.load(link, holder === 0 ? row : 2 * holder + chunkField.previous) !== address) return -1;
    if (holder !== 0 && Atomics.load(i32, 2 * holder) !== holderGeneration) return -1;
    const count = Atomics.load(i32, 2 * address + chunkField.count);
    const oldest = f64[address + chunkField.mint / 2]!;
    const newest = f64[address + chunkField.maxt / 2]!;
    const previous = u32[2 * address + chunkField.previous]!;
    if (Atomics.load(i32, 2 * address) !== generation) return -1;
    if (ordered && newest < mint) break;
    if (oldest <= maxt && newest >= mint) {
      chain[length] = address;
      generations[length] = generation;
      counts[length++] = count;
    }
    // What an older chunk holds lies before: one look at memory less where the range lies in the newest.
    if (ordered && oldest <= mint) break;
    holder = address;
    holderGeneration = generation;
    address = previous;
  }
  return length;
}
