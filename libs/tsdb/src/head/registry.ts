import type { Labels } from '@paddlewatch/model';
import type { ByteWriter } from '../bytes/byte-writer.ts';
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
  /** Slots ever used; those below may be free. */
  #slots = 0;
  readonly #freeSlots: number[] = [];

  constructor(shared: SharedHead, arena: Arena, limit: number) {
    this.#shared = shared;
    this.#arena = arena;
    this.#texts = new Texts(shared, arena);
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  get slots(): number {
    return this.#slots;
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
    for (let i = 0; i < count; i++) this.#ids[i] = this.#texts.hold(labels[2 * i]!, labels[2 * i + 1]!);
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    this.#writeRow(slot, count);
    if (2 * (this.#size + 1) > this.#table.length) this.#rehash();
    this.#table[this.#place(count)] = slot + 1;
    this.#size++;
    this.#publish(slot);
    return slot;
  }

  labels(slot: number): Labels {
    const { u32 } = this.#arena.memory;
    const block = 2 * this.#labelsBlock(slot);
    const labels: string[] = [];
    for (let i = 0; i < u32[block + labelsField.count]!; i++) {
      const id = u32[block + labelsField.first + i]!;
      labels.push(this.#texts.text(this.#texts.parent(id)), this.#texts.text(id));
    }
    return labels;
  }

  /** Writes the labels of a slot as the log has them. */
  writeLabels(slot: number, out: ByteWriter): void {
    const { u32 } = this.#arena.memory;
    const block = 2 * this.#labelsBlock(slot);
    const count = u32[block + labelsField.count]!;
    out.uvarint(count);
    for (let i = 0; i < count; i++) {
      const id = u32[block + labelsField.first + i]!;
      this.#texts.write(this.#texts.parent(id), out);
      this.#texts.write(id, out);
    }
  }

  /**
   * Takes series out of the table and the log; their references are no longer known. Readers that opened them before
   * may still ask for their labels: `release` the slots when those readers have ended.
   */
  remove(slots: readonly number[]): void {
    const { control, log, rows } = this.#shared;
    const gone = new Uint8Array(this.#slots);
    for (const slot of slots) {
      gone[slot] = 1;
      this.#takeOut(slot);
      rows.u32[rowWords * slot + rowField.generation]!++;
    }
    Atomics.add(control, controlWord.epoch, 1);
    const length = control[controlWord.logLength]!;
    let kept = 0;
    for (let i = 0; i < length; i++) if (!gone[log.u32[i]!]) log.u32[kept++] = log.u32[i]!;
    Atomics.store(control, controlWord.logLength, kept);
    Atomics.add(control, controlWord.epoch, 1);
    this.#size -= slots.length;
  }

  /** Gives the memory of removed series back. */
  release(slots: readonly number[]): void {
    const { u32 } = this.#arena.memory;
    for (const slot of slots) {
      const address = this.#labelsBlock(slot);
      const count = u32[2 * address + labelsField.count]!;
      for (let i = 0; i < count; i++) this.#texts.release(u32[2 * address + labelsField.first + i]!);
      this.#arena.free(address, 4 * (labelsField.first + count));
      this.#freeSlots.push(slot);
    }
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
    const address = this.#labelsBlock(slot);
    const { u32 } = this.#arena.memory;
    if (u32[2 * address + labelsField.count] !== count) return false;
    const first = 2 * address + labelsField.first;
    for (let i = 0; i < count; i++) if (u32[first + i] !== this.#ids[i]) return false;
    return true;
  }

  /** Entries behind the hole move up until one stands where its hash wants it (Knuth 6.4, algorithm R). */
  #takeOut(slot: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let hole = this.#wanted(slot);
    while (table[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const wanted = this.#wanted(table[at]! - 1);
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
      table[hole] = table[at]!;
      hole = at;
    }
    table[hole] = 0;
  }

  #rehash(): void {
    const old = this.#table;
    this.#table = new Int32Array(2 * old.length);
    const mask = this.#table.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let place = this.#wanted(entry - 1);
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = entry;
    }
  }

  #wanted(slot: number): number {
    const { u32 } = this.#arena.memory;
    const block = 2 * this.#labelsBlock(slot);
    return hash(u32, block + labelsField.first, u32[block + labelsField.count]!) & (this.#table.length - 1);
  }

  #labelsBlock(slot: number): number {
    return this.#shared.rows.u32[rowWords * slot + rowField.labels]!;
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
