import type { Labels } from '@paddlewatch/model';
import type { Arena } from './arena.ts';
import { controlWord, labelsField, rowField, rowWords, type SharedHead } from './shared-head.ts';
import { Texts } from './texts.ts';

/** More series than the head may hold. */
export class SeriesLimitError extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`cannot add a series: the head holds ${limit}, which is its limit`);
    this.name = 'SeriesLimitError';
    this.limit = limit;
  }
}

/** Label set → slot, writer's side: a hash table of slots over label sets that stand in shared memory as numbers. */
export class Registry {
  readonly #shared: SharedHead;
  readonly #arena: Arena;
  readonly #texts: Texts;
  readonly #limit: number;
  /** Slot + 1 at its hash, 0 where free. Its length is a power of two and at least twice the series. */
  #table = new Int32Array(1024);
  #ids = new Uint32Array(64);
  #size = 0;

  constructor(shared: SharedHead, arena: Arena, limit: number) {
    this.#shared = shared;
    this.#arena = arena;
    this.#texts = new Texts(shared, arena);
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** The slot of a label set; −1 where it is not there. */
  find(labels: Labels): number {
    const count = labels.length / 2;
    this.#reserve(count);
    for (let i = 0; i < count; i++) {
      const id = this.#texts.find(labels[2 * i]!, labels[2 * i + 1]!);
      if (id === 0) return -1;
      this.#ids[i] = id;
    }
    return this.#table[this.#place(count)]! - 1;
  }

  /** A new slot for a label set that `find` did not find. @throws SeriesLimitError */
  add(labels: Labels): number {
    if (this.#size >= this.#limit) throw new SeriesLimitError(this.#limit);
    const count = labels.length / 2;
    this.#reserve(count);
    for (let i = 0; i < count; i++) this.#ids[i] = this.#texts.intern(labels[2 * i]!, labels[2 * i + 1]!);
    const slot = this.#size;
    this.#writeRow(slot, count);
    if (2 * (slot + 1) > this.#table.length) this.#rehash();
    this.#table[this.#place(count)] = slot + 1;
    this.#size++;
    this.#publish(slot);
    return slot;
  }

  #writeRow(slot: number, count: number): void {
    const address = this.#arena.allocate(4 * (labelsField.first + count));
    const { u32 } = this.#arena.memory;
    u32[2 * address + labelsField.count] = count;
    for (let i = 0; i < count; i++) u32[2 * address + labelsField.first + i] = this.#ids[i]!;
    this.#shared.rows.ensure(4 * rowWords * (slot + 1));
    const rows = this.#shared.rows.u32;
    rows[rowWords * slot + rowField.chunk] = 0;
    rows[rowWords * slot + rowField.late] = 0;
    rows[rowWords * slot + rowField.labels] = address;
  }

  #publish(slot: number): void {
    const { log, control } = this.#shared;
    const length = control[controlWord.logLength]!;
    log.ensure(4 * (length + 1));
    log.u32[length] = slot;
    Atomics.store(control, controlWord.logLength, length + 1);
  }

  /** Where the label set in `ids` stands in the table, or the free place where it would. */
  #place(count: number): number {
    const mask = this.#table.length - 1;
    let place = hash(this.#ids, 0, count) & mask;
    for (;;) {
      const slot = this.#table[place]! - 1;
      if (slot < 0 || this.#equals(slot, count)) return place;
      place = (place + 1) & mask;
    }
  }

  #equals(slot: number, count: number): boolean {
    const address = this.#shared.rows.u32[rowWords * slot + rowField.labels]!;
    const { u32 } = this.#arena.memory;
    if (u32[2 * address + labelsField.count] !== count) return false;
    const first = 2 * address + labelsField.first;
    for (let i = 0; i < count; i++) if (u32[first + i] !== this.#ids[i]) return false;
    return true;
  }

  #rehash(): void {
    const old = this.#table;
    const table = new Int32Array(2 * old.length);
    const mask = table.length - 1;
    const { u32 } = this.#arena.memory;
    for (const entry of old) {
      if (entry === 0) continue;
      const address = this.#shared.rows.u32[rowWords * (entry - 1) + rowField.labels]!;
      let place = hash(u32, 2 * address + labelsField.first, u32[2 * address + labelsField.count]!) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = entry;
    }
    this.#table = table;
  }

  #reserve(count: number): void {
    if (count > this.#ids.length) this.#ids = new Uint32Array(2 * count);
  }
}

function hash(ids: Uint32Array, from: number, count: number): number {
  let h = count;
  for (let i = 0; i < count; i++) {
    h = Math.imul(h ^ ids[from + i]!, 0x9e3779b1);
    h ^= h >>> 15;
  }
  return Math.imul(h, 0x85ebca6b) >>> 1;
}
