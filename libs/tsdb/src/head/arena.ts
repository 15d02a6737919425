import type { GrowingMemory } from './growing-memory.ts';

const cacheLine = 64;
const largeSize = 128;
const slabSize = 16 * 1024;

/**
 * Blocks of shared memory in size classes. An address counts 8-byte units; 0 is no block. The first word of a block is
 * its generation, which rises when the block is freed. A block keeps its size for ever, so a reader that followed an old
 * address still finds a generation there, sees that it rose, and reads again: readers never lock and never register.
 */
export class Arena {
  readonly memory: GrowingMemory;
  #top = cacheLine;
  /** Small blocks are cut from a slab, so that large ones stay on cache lines. */
  #slab = 0;
  #slabEnd = 0;
  readonly #free = new Map<number, number[]>();
  #freeBytes = 0;

  constructor(memory: GrowingMemory) {
    this.memory = memory;
  }

  /** Bytes in use by live blocks. */
  get liveBytes(): number {
    return this.#top - this.#freeBytes;
  }

  /** A block of blockSize(bytes) bytes; what stands in it is noise, but for the generation. */
  allocate(bytes: number): number {
    const size = blockSize(bytes);
    const known = this.#free.get(size)?.pop();
    if (known !== undefined) {
      this.#freeBytes -= size;
      return known;
    }
    return (size < largeSize ? this.#cutSmall(size) : this.#cut(size)) / 8;
  }

  #cutSmall(size: number): number {
    if (this.#slab + size > this.#slabEnd) {
      this.#slab = this.#cut(slabSize);
      this.#slabEnd = this.#slab + slabSize;
    }
    const at = this.#slab;
    this.#slab += size;
    return at;
  }

  #cut(size: number): number {
    const at = this.#top;
    this.memory.ensure(at + size);
    this.#top += size;
    return at;
  }

  /** The caller has already taken away every way to the block. */
  free(address: number, bytes: number): void {
    Atomics.add(this.memory.i32, 2 * address, 1);
    const size = blockSize(bytes);
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
    this.#freeBytes += size;
  }
}

/** 16-byte steps below 128 bytes; from there whole cache lines, and above 1 KiB eight sizes for each doubling. */
export function blockSize(bytes: number): number {
  if (bytes <= 112) return Math.max(16, (bytes + 15) & ~15);
  if (bytes <= 1024) return (bytes + 63) & ~63;
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 4);
  return Math.ceil(bytes / step) * step;
}
