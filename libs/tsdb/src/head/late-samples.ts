import type { FloatHistogram } from '@paddlewatch/model';
import { encodeRun, encodingOf, hintOfRun } from '../chunk/histogram-runs.ts';
import { type Arena, blockSize } from './arena.ts';
import { type Place, place } from './chunks.ts';
import { chunkField, lateData, rowField, rowWords, type SharedHead } from './shared-head.ts';

/** Samples of a block, as Prometheus' out-of-order chunks. */
const samplesPerBlock = 32;
/** Time and value. */
const sampleBytes = 16;

/**
 * Samples that came later than newer ones of their series, writer's side. A block holds up to 32 of them plain, sorted
 * by time. The blocks of a series may overlap each other and its chunks, and a time may occur in several: readers keep one
 * of them. Every insertion makes a new block, because readers may read the old one. A histogram has a block of its own,
 * which holds a chunk of one sample: few histograms are late.
 */
export class LateSamples {
  readonly #shared: SharedHead;
  readonly #arena: Arena;

  constructor(shared: SharedHead, arena: Arena) {
    this.#shared = shared;
    this.#arena = arena;
  }

  insert(slot: number, t: number, low: number, high: number): Place {
    const row = rowWords * slot + rowField.late;
    const newest = this.#shared.rows.u32[row]!;
    const known = newest === 0 ? undefined : this.#find(newest, t, low, high);
    if (known !== undefined) return known;
    const full = newest === 0 || this.#isHistogram(newest) || this.#count(newest) === samplesPerBlock;
    const address = full ? this.#fresh(newest, t, low, high) : this.#withSample(newest, t, low, high);
    Atomics.store(this.#shared.rows.i32, row, address);
    if (!full) this.#free(newest);
    return place.newer;
  }

  insertHistogram(slot: number, t: number, histogram: FloatHistogram): Place {
    const row = rowWords * slot + rowField.late;
    const newest = this.#shared.rows.u32[row]!;
    if (this.#holdsHistogram(newest, t)) return place.repeated;
    const encoding = encodingOf(histogram);
    // What came before it in time is not known here.
    const unlinked: FloatHistogram =
      histogram.hint === 'gauge' ? histogram : { ...histogram, hint: 'unknown' };
    const hint = hintOfRun(undefined, unlinked);
    const data = encodeRun({ encoding, hint, samples: [{ t, histogram: unlinked }] });
    const address = this.#allocate(newest, 1, data.length);
    const { u8, u32 } = this.#arena.memory;
    u32[2 * address + chunkField.kind] = encoding;
    u32[2 * address + chunkField.bits] = 8 * data.length;
    u8.set(data, 8 * address + lateData);
    this.#setTimes(address, t, t);
    Atomics.store(this.#shared.rows.i32, row, address);
    return place.newer;
  }

  isEmpty(slot: number): boolean {
    return this.#shared.rows.u32[rowWords * slot + rowField.late] === 0;
  }

  /** Drops the blocks of a slot that end before `mint`. */
  truncate(slot: number, mint: number): void {
    const { i32, u32, f64 } = this.#arena.memory;
    const row = rowWords * slot + rowField.late;
    let holder = 0;
    for (let address = this.#shared.rows.u32[row]!; address !== 0; ) {
      const previous = u32[2 * address + chunkField.previous]!;
      if (f64[address + chunkField.maxt / 2]! >= mint) holder = address;
      else {
        if (holder === 0) Atomics.store(this.#shared.rows.i32, row, previous);
        else Atomics.store(i32, 2 * holder + chunkField.previous, previous);
        this.#free(address);
      }
      address = previous;
    }
  }

  #isHistogram(address: number): boolean {
    return this.#arena.memory.u32[2 * address + chunkField.kind] !== 0;
  }

  #holdsHistogram(newest: number, t: number): boolean {
    const { u32, f64 } = this.#arena.memory;
    for (let address = newest; address !== 0; address = u32[2 * address + chunkField.previous]!) {
      if (this.#isHistogram(address) && f64[address + chunkField.mint / 2] === t) return true;
    }
    return false;
  }

  #count(address: number): number {
    return this.#arena.memory.u32[2 * address + chunkField.count]!;
  }

  #free(address: number): void {
    this.#arena.free(address, this.#arena.memory.u32[2 * address + chunkField.size]!);
  }

  /** How the sample stands to one of the same time in the block; undefined where there is none. */
  #find(address: number, t: number, low: number, high: number): Place | undefined {
    if (this.#isHistogram(address)) return undefined;
    const { u32, f64 } = this.#arena.memory;
    const first = address + lateData / 8;
    for (let i = 0; i < this.#count(address); i++) {
      if (f64[first + 2 * i] !== t) continue;
      const word = 2 * (first + 2 * i + 1);
      return u32[word] === low >>> 0 && u32[word + 1] === high >>> 0 ? place.repeated : place.conflicting;
    }
    return undefined;
  }

  #fresh(previous: number, t: number, low: number, high: number): number {
    const address = this.#allocate(previous, 1, sampleBytes);
    this.#put(address, 0, t, low, high);
    this.#setTimes(address, t, t);
    return address;
  }

  #withSample(old: number, t: number, low: number, high: number): number {
    const count = this.#count(old);
    const address = this.#allocate(
      this.#arena.memory.u32[2 * old + chunkField.previous]!,
      count + 1,
      sampleBytes * (count + 1),
    );
    const { f64, u32 } = this.#arena.memory;
    const from = old + lateData / 8;
    let n = 0;
    for (; n < count && f64[from + 2 * n]! < t; n++) this.#copy(u32, f64, from + 2 * n, address, n);
    this.#put(address, n, t, low, high);
    for (; n < count; n++) this.#copy(u32, f64, from + 2 * n, address, n + 1);
    const first = address + lateData / 8;
    this.#setTimes(address, f64[first]!, f64[first + 2 * count]!);
    return address;
  }

  #allocate(previous: number, count: number, data: number): number {
    const bytes = lateData + data;
    const address = this.#arena.allocate(bytes);
    const { u32 } = this.#arena.memory;
    u32[2 * address + chunkField.count] = count;
    u32[2 * address + chunkField.previous] = previous;
    u32[2 * address + chunkField.kind] = 0;
    u32[2 * address + chunkField.size] = blockSize(bytes);
    return address;
  }

  #put(address: number, i: number, t: number, low: number, high: number): void {
    const { u32, f64 } = this.#arena.memory;
    const at = address + lateData / 8 + 2 * i;
    f64[at] = t;
    u32[2 * (at + 1)] = low;
    u32[2 * (at + 1) + 1] = high;
  }

  /** Values as words: they may be NaNs with a payload. */
  #copy(u32: Uint32Array, f64: Float64Array, from: number, address: number, i: number): void {
    this.#put(address, i, f64[from]!, u32[2 * (from + 1)]!, u32[2 * (from + 1) + 1]!);
  }

  #setTimes(address: number, mint: number, maxt: number): void {
    const { f64 } = this.#arena.memory;
    f64[address + chunkField.mint / 2] = mint;
    f64[address + chunkField.maxt / 2] = maxt;
  }
}
