import { encodingXor, largestXorSample, XorEncoder } from '../chunk/xor.ts';
import { type Arena, blockSize } from './arena.ts';
import { chunkData, chunkField, rowField, rowWords, type SharedHead } from './shared-head.ts';

/** Samples of a full chunk: enough to compress well, few enough to decode for one step of a query. */
const samplesPerChunk = 120;
/** Bytes of a fresh chunk block; it moves to larger ones as samples come. */
const freshSize = 128;

/** How a sample stands to those that a series has. */
export const place = { newer: 0, repeated: 1, conflicting: 2, older: 3 } as const;
export type Place = (typeof place)[keyof typeof place];

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
    return u32[word + chunkField.low] === low >>> 0 && u32[word + chunkField.high] === high >>> 0
      ? place.repeated
      : place.conflicting;
  }

  /** Appends a sample that is newer than all of its series. */
  append(slot: number, t: number, low: number, high: number): void {
    const row = rowWords * slot + rowField.chunk;
    let address = this.#shared.rows.u32[row]!;
    if (address === 0 || this.#isFull(address, t)) address = this.#cut(address, t);
    else address = this.#makeRoom(row, address);
    const { u8, u32, i32, f64 } = this.#arena.memory;
    const encoder = this.#encoder;
    const word = 2 * address;
    encoder.bytes = u8;
    encoder.at = 8 * address + chunkData;
    encoder.bit = u32[word + chunkField.bits]!;
    encoder.count = u32[word + chunkField.count]!;
    encoder.t = f64[address + chunkField.maxt / 2]!;
    encoder.step = f64[address + chunkField.step / 2]!;
    encoder.low = i32[word + chunkField.low]!;
    encoder.high = i32[word + chunkField.high]!;
    encoder.leading = u32[word + chunkField.window]! & 255;
    encoder.trailing = u32[word + chunkField.window]! >>> 8;
    encoder.append(t, low, high);
    u32[word + chunkField.bits] = encoder.bit;
    f64[address + chunkField.maxt / 2] = t;
    f64[address + chunkField.step / 2] = encoder.step;
    u32[word + chunkField.low] = low;
    u32[word + chunkField.high] = high;
    u32[word + chunkField.window] = encoder.leading | (encoder.trailing << 8);
    Atomics.store(i32, word + chunkField.count, encoder.count);
    if (encoder.count === 1) Atomics.store(this.#shared.rows.i32, row, address);
  }

  #isFull(address: number, t: number): boolean {
    const { u32, f64 } = this.#arena.memory;
    if (u32[2 * address + chunkField.count]! >= samplesPerChunk) return true;
    const mint = f64[address + chunkField.mint / 2]!;
    return t >= Math.floor(mint / this.#chunkRange) * this.#chunkRange + this.#chunkRange;
  }

  /** A fresh chunk in front of `previous`. Readers meet it with its first sample. */
  #cut(previous: number, t: number): number {
    const address = this.#arena.allocate(freshSize);
    const { u8, u32, f64 } = this.#arena.memory;
    if (previous !== 0) writeCount(u8, 8 * previous + chunkData, u32[2 * previous + chunkField.count]!);
    const word = 2 * address;
    u32[word + chunkField.count] = 0;
    u32[word + chunkField.previous] = previous;
    u32[word + chunkField.kind] = encodingXor;
    u32[word + chunkField.size] = blockSize(freshSize);
    f64[address + chunkField.mint / 2] = t;
    f64[address + chunkField.maxt / 2] = t;
    this.#encoder.start(u8, 8 * address + chunkData);
    u32[word + chunkField.bits] = this.#encoder.bit;
    f64[address + chunkField.step / 2] = 0;
    u32[word + chunkField.window] = this.#encoder.leading;
    return address;
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
