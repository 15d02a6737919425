import { encodingXor, largestXorSample, XorEncoder } from '../chunk/xor.ts';
import { type Arena, blockSize } from './arena.ts';
import type { MappedChunk } from './chunk-file.ts';
import type { ChunkFiles } from './chunk-files.ts';
import {
  chunkData,
  chunkField,
  mappedFlag,
  mappedSize,
  rowField,
  rowWords,
  type SharedHead,
} from './shared-head.ts';
import { SlotQueue } from './slot-queue.ts';

/** Samples of a full chunk: enough to compress well, few enough to decode for one step of a query. */
const samplesPerChunk = 120;
/** Bytes of a fresh chunk block; it moves to larger ones as samples come. */
const freshSize = 128;

/** How a sample stands to those that a series has. */
export const place = { newer: 0, repeated: 1, conflicting: 2, older: 3 } as const;
export type Place = (typeof place)[keyof typeof place];

/** A full chunk, the chunk that points at it, and where its bytes stand on disk. */
interface Move {
  readonly holder: number;
  readonly address: number;
  readonly encoding: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * The chunks of all series, writer's side. Only this thread writes; readers see a sample when the count of its chunk
 * covers it, and a chunk when a row or a newer chunk points at it.
 */
export class Chunks {
  readonly #shared: SharedHead;
  readonly #arena: Arena;
  readonly #encoder = new XorEncoder();
  /** No chunk crosses a multiple of this, so that blocks can be cut there. Milliseconds. */
  readonly #chunkRange: number;
  /** Number of the commit that is being applied. */
  commit = 0;
  /** Slots with full chunks in memory, in the order of their filling; twice where two chunks were filled. */
  readonly #full = new SlotQueue();

  constructor(shared: SharedHead, arena: Arena, chunkRange: number) {
    this.#shared = shared;
    this.#arena = arena;
    this.#chunkRange = chunkRange;
  }

  place(slot: number, t: number, low: number, high: number): Place {
    const address = this.#shared.rows.u32[rowWords * slot + rowField.chunk]!;
    if (address === 0) return place.newer;
    const { u32, f64 } = this.#arena.memory;
    const newest = f64[address + chunkField.maxt / 2]!;
    if (t > newest) return place.newer;
    if (t < newest) return place.older;
    const word = 2 * address;
    // Of a chunk that was mapped before a restart the last value is not known: take the sample for the same one.
    const kind = u32[word + chunkField.kind]!;
    if (kind & mappedFlag) return place.repeated;
    if (kind !== encodingXor) return place.conflicting;
    return u32[word + chunkField.low] === low >>> 0 && u32[word + chunkField.high] === high >>> 0
      ? place.repeated
      : place.conflicting;
  }

  /** Appends a sample where it is newer than all of its series; tells how it stood. */
  append(slot: number, t: number, low: number, high: number): Place {
    const row = rowWords * slot + rowField.chunk;
    let address = this.#shared.rows.u32[row]!;
    if (address !== 0 && !(t > this.#arena.memory.f64[address + chunkField.maxt / 2]!))
      return this.place(slot, t, low, high);
    if (address === 0 || this.#isFull(address, t)) address = this.#cut(slot, address, t);
    else address = this.#makeRoom(row, address);
    const { u32, i32, f64 } = this.#arena.memory;
    const word = 2 * address;
    const count = u32[word + chunkField.count]!;
    const known = u32[word + chunkField.commit] === this.commit;
    const window = u32[word + chunkField.window]!;
    const before = known ? window >>> 16 : count;
    const goesOn =
      count > 1 &&
      t - f64[address + chunkField.maxt / 2]! === f64[address + chunkField.step / 2]! &&
      i32[word + chunkField.low]! === low &&
      i32[word + chunkField.high]! === high;
    if (goesOn) {
      this.#repeat(address);
      u32[word + chunkField.window] = (window & 0xffff) | (before << 16);
    } else u32[word + chunkField.window] = this.#encode(address, t, low, high) | (before << 16);
    f64[address + chunkField.maxt / 2] = t;
    u32[word + chunkField.commit] = this.commit;
    Atomics.store(i32, word + chunkField.count, count + 1);
    if (count === 0) Atomics.store(this.#shared.rows.i32, row, address);
    return place.newer;
  }

  /** The same value as before after the same time as before, which is most of what services send: two zero bits. */
  #repeat(address: number): void {
    const { u8, u32 } = this.#arena.memory;
    const bit = u32[2 * address + chunkField.bits]!;
    const at = 8 * address + chunkData + (bit >>> 3);
    u8[at] = u8[at]! & ~(0xff >>> (bit & 7));
    u8[at + 1] = 0;
    u32[2 * address + chunkField.bits] = bit + 2;
  }

  /** Encodes a sample behind the others of its chunk; returns leading and trailing zeros as they are kept. */
  #encode(address: number, t: number, low: number, high: number): number {
    const { u8, u32, i32, f64 } = this.#arena.memory;
    const encoder = this.#encoder;
    const word = 2 * address;
    if (encoder.bytes !== u8) encoder.bytes = u8;
    encoder.at = 8 * address + chunkData;
    encoder.bit = u32[word + chunkField.bits]!;
    encoder.count = u32[word + chunkField.count]!;
    encoder.t = f64[address + chunkField.maxt / 2]!;
    encoder.step = f64[address + chunkField.step / 2]!;
    encoder.low = i32[word + chunkField.low]!;
    encoder.high = i32[word + chunkField.high]!;
    encoder.leading = u32[word + chunkField.window]! & 255;
    encoder.trailing = (u32[word + chunkField.window]! >>> 8) & 255;
    encoder.append(t, low, high);
    u32[word + chunkField.bits] = encoder.bit;
    f64[address + chunkField.step / 2] = encoder.step;
    u32[word + chunkField.low] = low;
    u32[word + chunkField.high] = high;
    return encoder.leading | (encoder.trailing << 8);
  }

  /** Series with full chunks that are still in memory. */
  get unmapped(): number {
    return this.#full.length;
  }

  /**
   * Moves full chunks to disk, about `budget` bytes of them, oldest first; readers find them there from then on.
   * @throws where they cannot be written; then they stay in memory and are tried again.
   */
  map(files: ChunkFiles, walRef: (slot: number) => number, budget: number): void {
    const moves: Move[] = [];
    const slots = new Set<number>();
    let taken = 0;
    while (taken < this.#full.length && files.gathered < budget) {
      const slot = this.#full.at(taken++);
      if (slots.has(slot)) continue;
      slots.add(slot);
      for (const { holder, address } of this.#unmappedOf(slot)) {
        moves.push({ holder, address, ...this.#put(address, walRef(slot), files) });
      }
    }
    files.flush();
    this.#full.drop(taken);
    for (const move of moves) this.#replace(move);
  }

  /** Writes the chunk that is open: no sample comes any more, and full chunks have been moved. */
  putOpen(slot: number, walRef: number, files: ChunkFiles): void {
    const { u8, u32 } = this.#arena.memory;
    const address = this.#shared.rows.u32[rowWords * slot + rowField.chunk]!;
    if (address === 0 || u32[2 * address + chunkField.kind]! & mappedFlag) return;
    writeCount(u8, 8 * address + chunkData, u32[2 * address + chunkField.count]!);
    this.#put(address, walRef, files);
  }

  #put(address: number, walRef: number, files: ChunkFiles): Omit<Move, 'holder' | 'address'> {
    const { u8, u32, f64 } = this.#arena.memory;
    const length = (u32[2 * address + chunkField.bits]! + 7) >>> 3;
    const data = u8.subarray(8 * address + chunkData, 8 * address + chunkData + length);
    const mint = f64[address + chunkField.mint / 2]!;
    const maxt = f64[address + chunkField.maxt / 2]!;
    const encoding = u32[2 * address + chunkField.kind]!;
    return { ...files.put({ walRef, mint, maxt, encoding, late: false }, data), encoding, length };
  }

  /** Puts a chunk that stands on disk in front of a series. False where the series has newer ones already. */
  restore(slot: number, chunk: MappedChunk): boolean {
    const row = rowWords * slot + rowField.chunk;
    const newest = this.#shared.rows.u32[row]!;
    if (newest !== 0 && this.#arena.memory.f64[newest + chunkField.maxt / 2]! >= chunk.mint) return false;
    this.#end(slot, newest);
    const address = this.#mapped(chunk.encoding, chunk.file, chunk.offset, chunk.length);
    const { u32, f64 } = this.#arena.memory;
    u32[2 * address + chunkField.count] = chunk.count;
    u32[2 * address + chunkField.previous] = newest;
    f64[address + chunkField.mint / 2] = chunk.mint;
    f64[address + chunkField.maxt / 2] = chunk.maxt;
    Atomics.store(this.#shared.rows.i32, row, address);
    return true;
  }

  /** Drops the chunks of a slot that end before `mint`. True where none is left. */
  truncate(slot: number, mint: number): boolean {
    const { i32, u32, f64 } = this.#arena.memory;
    const row = rowWords * slot + rowField.chunk;
    let holder = 0;
    let address = this.#shared.rows.u32[row]!;
    while (address !== 0 && f64[address + chunkField.maxt / 2]! >= mint) {
      holder = address;
      address = u32[2 * address + chunkField.previous]!;
    }
    if (address === 0) return holder === 0;
    if (holder === 0) Atomics.store(this.#shared.rows.i32, row, 0);
    else Atomics.store(i32, 2 * holder + chunkField.previous, 0);
    while (address !== 0) {
      const previous = u32[2 * address + chunkField.previous]!;
      this.#arena.free(address, u32[2 * address + chunkField.size]!);
      address = previous;
    }
    return holder === 0;
  }

  isEmpty(slot: number): boolean {
    return this.#shared.rows.u32[rowWords * slot + rowField.chunk] === 0;
  }

  /** The chunks of a slot that are full and in memory, oldest first, each with the chunk that points at it. */
  #unmappedOf(slot: number): { holder: number; address: number }[] {
    const { u32 } = this.#arena.memory;
    const found: { holder: number; address: number }[] = [];
    let holder = this.#shared.rows.u32[rowWords * slot + rowField.chunk]!;
    while (holder !== 0) {
      const address = u32[2 * holder + chunkField.previous]!;
      if (address === 0 || u32[2 * address + chunkField.kind]! & mappedFlag) break;
      found.push({ holder, address });
      holder = address;
    }
    return found.reverse();
  }

  #replace({ holder, address, encoding, file, offset, length }: Move): void {
    const mapped = this.#mapped(encoding, file, offset, length);
    const { i32, u32, f64 } = this.#arena.memory;
    u32[2 * mapped + chunkField.count] = u32[2 * address + chunkField.count]!;
    u32[2 * mapped + chunkField.previous] = u32[2 * address + chunkField.previous]!;
    f64[mapped + chunkField.mint / 2] = f64[address + chunkField.mint / 2]!;
    f64[mapped + chunkField.maxt / 2] = f64[address + chunkField.maxt / 2]!;
    Atomics.store(i32, 2 * holder + chunkField.previous, mapped);
    this.#arena.free(address, u32[2 * address + chunkField.size]!);
  }

  #mapped(encoding: number, file: number, offset: number, length: number): number {
    const address = this.#arena.allocate(mappedSize);
    const { u32 } = this.#arena.memory;
    u32[2 * address + chunkField.kind] = encoding | mappedFlag;
    u32[2 * address + chunkField.bits] = 8 * length;
    u32[2 * address + chunkField.size] = mappedSize;
    u32[2 * address + chunkField.file] = file;
    u32[2 * address + chunkField.offset] = offset;
    return address;
  }

  #isFull(address: number, t: number): boolean {
    const { u32, f64 } = this.#arena.memory;
    if (u32[2 * address + chunkField.count]! >= samplesPerChunk) return true;
    // Mapped, or of histograms.
    if (u32[2 * address + chunkField.kind] !== encodingXor) return true;
    return this.crossesRange(f64[address + chunkField.mint / 2]!, t);
  }

  /** Whether a chunk that began at `mint` must end before `t`. */
  crossesRange(mint: number, t: number): boolean {
    return t >= Math.floor(mint / this.#chunkRange) * this.#chunkRange + this.#chunkRange;
  }

  #cut(slot: number, previous: number, t: number): number {
    const address = this.begin(slot, previous, t, encodingXor, freshSize);
    const { u8, u32, f64 } = this.#arena.memory;
    const word = 2 * address;
    this.#encoder.start(u8, 8 * address + chunkData);
    u32[word + chunkField.bits] = this.#encoder.bit;
    f64[address + chunkField.step / 2] = 0;
    u32[word + chunkField.window] = this.#encoder.leading;
    return address;
  }

  /** A fresh chunk without data in front of `previous`, which is full. Readers meet it with its first sample. */
  begin(slot: number, previous: number, t: number, encoding: number, bytes: number): number {
    const address = this.#arena.allocate(bytes);
    this.#end(slot, previous);
    const { u32, f64 } = this.#arena.memory;
    const word = 2 * address;
    u32[word + chunkField.count] = 0;
    u32[word + chunkField.previous] = previous;
    u32[word + chunkField.kind] = encoding;
    u32[word + chunkField.size] = blockSize(bytes);
    f64[address + chunkField.mint / 2] = t;
    f64[address + chunkField.maxt / 2] = t;
    u32[word + chunkField.commit] = this.commit;
    return address;
  }

  /** Where the newest chunk is in memory, another will stand in front of it. */
  #end(slot: number, newest: number): void {
    const { u8, u32 } = this.#arena.memory;
    if (newest === 0 || u32[2 * newest + chunkField.kind]! & mappedFlag) return;
    writeCount(u8, 8 * newest + chunkData, u32[2 * newest + chunkField.count]!);
    this.#full.push(slot);
  }

  /** The chunk's address, in a larger block where the next sample might not fit. */
  #makeRoom(row: number, address: number): number {
    const { u32 } = this.#arena.memory;
    const size = u32[2 * address + chunkField.size]!;
    const used = chunkData + (u32[2 * address + chunkField.bits]! >>> 3) + 1;
    if (used + largestXorSample <= size) return address;
    const larger = blockSize(size + Math.max(32, size >>> 2));
    const moved = this.#arena.allocate(larger);
    const { u8, u32: words } = this.#arena.memory;
    u8.copyWithin(8 * moved + 4, 8 * address + 4, 8 * address + used);
    words[2 * moved + chunkField.size] = larger;
    Atomics.store(this.#shared.rows.i32, row, moved);
    this.#arena.free(address, size);
    return moved;
  }
}

/** A chunk's own header, for whoever takes its bytes as they are. */
function writeCount(bytes: Uint8Array, at: number, count: number): void {
  bytes[at] = count >>> 8;
  bytes[at + 1] = count;
}
