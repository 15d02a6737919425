import type { Labels } from '@paddlewatch/model';
import { Arena } from './arena.ts';
import { Chunks, type Place } from './chunks.ts';
import { Registry } from './registry.ts';
import { controlTime, rowField, rowWords, SharedHead } from './shared-head.ts';

export interface HeadOptions {
  /** Default 10 million. */
  readonly maxSeries?: number;
  /** Milliseconds; blocks are cut at its multiples. Default 2 h. */
  readonly chunkRange?: number;
}

/** A reference names the slot and how often the slot had been used before: the low 32 bits and the rest. */
const slots = 2 ** 32;

/** The newest samples in memory, writer's side. Everything that readers need is in `shared`. */
export class Head {
  readonly shared = SharedHead.create();
  readonly chunkRange: number;
  readonly #arena: Arena;
  readonly #registry: Registry;
  readonly #chunks: Chunks;
  /** What the log calls each slot: numbers that rise and are never used twice, as Prometheus wants them. */
  #walRefs = new Float64Array(1024);
  #nextWalRef = 1;
  /** Slots whose series record is not in the log yet. */
  readonly unlogged: number[] = [];

  constructor(options: HeadOptions = {}) {
    this.chunkRange = options.chunkRange ?? 7_200_000;
    this.#arena = new Arena(this.shared.arena);
    this.#registry = new Registry(this.shared, this.#arena, options.maxSeries ?? 10_000_000);
    this.#chunks = new Chunks(this.shared, this.#arena, this.chunkRange);
  }

  get series(): number {
    return this.#registry.size;
  }

  get minTime(): number {
    return this.shared.times[controlTime.min]!;
  }

  get maxTime(): number {
    return this.shared.times[controlTime.max]!;
  }

  /** Bytes of shared memory in use. */
  get bytes(): number {
    return this.#arena.liveBytes + 4 * (rowWords + 1) * this.series;
  }

  /** The reference of a series, which is made where it was not there. @throws SeriesLimitError */
  seriesRef(labels: Labels): number {
    let slot = this.#registry.find(labels);
    if (slot < 0) {
      slot = this.#add(labels, this.#nextWalRef);
      this.unlogged.push(slot);
    }
    return this.refOf(slot);
  }

  /** Replay: the slot of a series that the log calls `walRef`. */
  restoreSeries(walRef: number, labels: Labels): number {
    const slot = this.#registry.find(labels);
    return slot < 0 ? this.#add(labels, walRef) : slot;
  }

  #add(labels: Labels, walRef: number): number {
    const slot = this.#registry.add(labels);
    if (slot >= this.#walRefs.length) {
      const grown = new Float64Array(2 * slot);
      grown.set(this.#walRefs);
      this.#walRefs = grown;
    }
    this.#walRefs[slot] = walRef;
    this.#nextWalRef = Math.max(this.#nextWalRef, walRef + 1);
    return slot;
  }

  refOf(slot: number): number {
    return this.shared.rows.u32[rowWords * slot + rowField.generation]! * slots + slot;
  }

  /** −1 where the series of this reference is gone. */
  slotOf(ref: number): number {
    const generation = Math.floor(ref / slots);
    const slot = ref - generation * slots;
    if (!(slot < this.series)) return -1;
    return this.shared.rows.u32[rowWords * slot + rowField.generation] === generation ? slot : -1;
  }

  walRef(slot: number): number {
    return this.#walRefs[slot]!;
  }

  place(slot: number, t: number, low: number, high: number): Place {
    return this.#chunks.place(slot, t, low, high);
  }

  append(slot: number, t: number, low: number, high: number): void {
    this.#chunks.append(slot, t, low, high);
    const { times } = this.shared;
    if (t > times[controlTime.max]!) times[controlTime.max] = t;
    if (t < times[controlTime.min]!) times[controlTime.min] = t;
  }
}
