import { GrowingMemory } from './growing-memory.ts';

const MiB = 1024 * 1024;

/** All memory of a head that other threads may read. Structured-cloneable; what stands where is said below. */
export interface HeadMemory {
  readonly control: SharedArrayBuffer;
  readonly arena: SharedArrayBuffer;
  readonly rows: SharedArrayBuffer;
  readonly texts: SharedArrayBuffer;
  readonly log: SharedArrayBuffer;
  readonly deletions: SharedArrayBuffer;
}

/** Words of `control`, written with Atomics. */
export const controlWord = {
  /** Series in the log. Everything about a series is written before it is counted here. */
  logLength: 0,
  /** Rises by one when the log is about to be rewritten (odd) and when it stands again (even). */
  epoch: 1,
  /** Number of the last commit whose samples are all in place. */
  committed: 8,
  /** Number of deletions in `deletions`. */
  deletions: 9,
  /** Odd while `deletions` is written anew, even when it stands; see Deletions. */
  deletionsEpoch: 12,
} as const;
/**
 * Doubles of `control`: the oldest and the newest sample time of the head, the time before which it no longer holds
 * everything, and the time before which blocks hold everything.
 */
export const controlTime = { min: 1, max: 2, truncated: 3, blocks: 5 } as const;

/**
 * A row for each series, found by its slot: u32 newest chunk, u32 newest out-of-order chunk, u32 labels block,
 * u32 generation of the slot.
 */
export const rowWords = 4;
export const rowField = { chunk: 0, late: 1, labels: 2, generation: 3 } as const;

/** A row for each interned text: u32 parent, u32 address of the UTF-8 bytes, u32 their number, u32 series that hold it. */
export const textWords = 4;
export const textField = { parent: 0, address: 1, length: 2, holders: 3 } as const;

/** A labels block: u32 generation, u32 number of labels, then the text ids of its values, in order of names. */
export const labelsField = { count: 1, first: 2 } as const;

/** Words of a chunk block; `mint`, `maxt` and `step` are doubles at half the place. Data begins at byte 64. */
export const chunkField = {
  count: 1,
  previous: 2,
  /** Low byte: encoding. Then the flags. */
  kind: 3,
  mint: 4,
  maxt: 6,
  /** Bits of data, the chunk's own header included. */
  bits: 8,
  /** Bytes of the block. */
  size: 9,
  step: 10,
  low: 12,
  high: 13,
  /** Leading and trailing zeros of the window, a byte each; above them the count before the newest commit. */
  window: 14,
  /** Number of the newest commit that put samples here. */
  commit: 15,
  /** Of a mapped chunk, in place of `step`: the number of its file, and where its data begins there. */
  file: 10,
  offset: 11,
} as const;
export const chunkData = 64;
/** Of a block of late samples: here begin its pairs of double time and double value, or, where `kind` names an encoding, its chunk. */
export const lateData = 40;
/** In `kind`: the data stands in chunks_head/; the block ends after `offset`. */
export const mappedFlag = 256;
export const mappedSize = 48;

/** The views of a thread on the head's memory. */
export class SharedHead {
  readonly control: Int32Array;
  readonly times: Float64Array;
  readonly arena: GrowingMemory;
  readonly rows: GrowingMemory;
  readonly texts: GrowingMemory;
  readonly log: GrowingMemory;
  readonly deletions: GrowingMemory;

  constructor(memory: HeadMemory) {
    this.control = new Int32Array(memory.control);
    this.times = new Float64Array(memory.control);
    this.arena = new GrowingMemory(memory.arena);
    this.rows = new GrowingMemory(memory.rows);
    this.texts = new GrowingMemory(memory.texts);
    this.log = new GrowingMemory(memory.log);
    this.deletions = new GrowingMemory(memory.deletions);
  }

  static create(): SharedHead {
    const reserve = (bytes: number, most: number) => new SharedArrayBuffer(bytes, { maxByteLength: most });
    const head = new SharedHead({
      control: new SharedArrayBuffer(64),
      // Address space only: pages are taken as they are written.
      arena: reserve(MiB, 8192 * MiB),
      rows: reserve(65536, 1024 * MiB),
      texts: reserve(65536, 2048 * MiB),
      log: reserve(65536, 512 * MiB),
      deletions: reserve(65536, 512 * MiB),
    });
    head.times[controlTime.min] = Number.POSITIVE_INFINITY;
    head.times[controlTime.max] = Number.NEGATIVE_INFINITY;
    head.times[controlTime.truncated] = Number.NEGATIVE_INFINITY;
    head.times[controlTime.blocks] = Number.NEGATIVE_INFINITY;
    return head;
  }

  memory(): HeadMemory {
    return {
      control: this.control.buffer as SharedArrayBuffer,
      arena: this.arena.buffer,
      rows: this.rows.buffer,
      texts: this.texts.buffer,
      log: this.log.buffer,
      deletions: this.deletions.buffer,
    };
  }

  refresh(): void {
    this.arena.refresh();
    this.rows.refresh();
    this.texts.refresh();
    this.log.refresh();
  }
}
