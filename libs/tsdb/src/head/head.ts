import type { FloatHistogram, Labels } from '@paddlewatch/model';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { Interval } from '../read/intervals.ts';
import type { SeriesMetadata } from '../wal/metadata-record.ts';
import { Arena } from './arena.ts';
import type { MappedChunk } from './chunk-file.ts';
import type { ChunkFiles } from './chunk-files.ts';
import { Chunks, type Place, place } from './chunks.ts';
import { Deletions } from './deletions.ts';
import { type Exemplar, Exemplars } from './exemplars.ts';
import { HistogramChunks } from './histogram-chunks.ts';
import { LateSamples } from './late-samples.ts';
import { Registry } from './registry.ts';
import { controlTime, controlWord, rowField, rowWords, SharedHead } from './shared-head.ts';

export interface HeadOptions {
  /** Default 10 million. */
  readonly maxSeries?: number;
  /** Milliseconds; blocks are cut at its multiples. Default 2 h. */
  readonly chunkRange?: number;
  /** How much older than the newest sample of the head a late one may be, in ms. Default 0: none is taken. */
  readonly outOfOrderWindow?: number;
  /** How many exemplars are kept, the newest of all series. Default 0: none. */
  readonly maxExemplars?: number;
}

/** A reference names the slot and how often the slot had been used before: the low 32 bits and the rest. */
const slots = 2 ** 32;
/** Series looked at between two breaths of the event loop: about 2 ms. */
const truncateStep = 10_000;
/** Bytes of chunks written between two breaths at the end: about 5 ms. */
const closingBudget = 1024 * 1024;
/** Removed series keep their labels for so long, for readers that opened them before. Milliseconds. */
const removalGrace = 600_000;

/** A transaction that has begun. */
export interface Gathering {
  /** References of the series that it has samples of. */
  refs(): Iterable<number>;
}

/** The newest samples in memory, writer's side. Everything that readers need is in `shared`. */
export class Head {
  readonly shared = SharedHead.create();
  readonly chunkRange: number;
  readonly #arena: Arena;
  readonly #registry: Registry;
  readonly #chunks: Chunks;
  readonly #histograms: HistogramChunks;
  readonly #late: LateSamples;
  readonly #deletions: Deletions;
  readonly exemplars: Exemplars;
  /** What is known of the metrics of series, by slot. */
  readonly metadata = new Map<number, SeriesMetadata>();
  /** How much older than the newest sample a late one may be, ms; 0 takes none. */
  outOfOrderWindow: number;
  /** What the log calls each slot: numbers that rise and are never used twice, as Prometheus wants them. */
  #walRefs = new Float64Array(1024);
  #nextWalRef = 1;
  /** Older references to slots in the log: of series that left the head and came back before a restart. */
  readonly #aliases = new Map<number, number>();
  /** Slots whose series record is not in the log yet. */
  readonly unlogged: number[] = [];
  /** Transactions with samples that wait for their commit: their series stay, empty or not. */
  readonly gathering = new Set<Gathering>();
  /** Older samples are refused. */
  #floor = Number.NEGATIVE_INFINITY;
  #removed: { slots: number[]; at: number }[] = [];

  constructor(options: HeadOptions = {}) {
    this.chunkRange = options.chunkRange ?? 7_200_000;
    this.#arena = new Arena(this.shared.arena);
    this.#registry = new Registry(this.shared, this.#arena, options.maxSeries ?? 10_000_000);
    this.#chunks = new Chunks(this.shared, this.#arena, this.chunkRange);
    this.#histograms = new HistogramChunks(this.shared, this.#arena, this.#chunks);
    this.#late = new LateSamples(this.shared, this.#arena);
    this.#deletions = new Deletions(this.shared);
    this.exemplars = new Exemplars(options.maxExemplars ?? 0);
    this.outOfOrderWindow = options.outOfOrderWindow ?? 0;
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
    return this.#arena.liveBytes + 4 * (rowWords + 1) * this.#registry.slots;
  }

  /** The reference of a series, which is made where it was not there. @throws SeriesLimitError */
  seriesRef(labels: Labels): number {
    let slot = this.#registry.find(labels);
    if (slot < 0) {
      slot = this.#add(labels, this.#nextWalRef);
      this.unlogged.push(slot);
    }
    return this.#generation(slot) * slots + slot;
  }

  labels(slot: number): Labels {
    return this.#registry.labels(slot);
  }

  /** Writes a series as its record in the log has it. */
  writeSeries(slot: number, out: ByteWriter): void {
    out.u64(this.walRef(slot));
    this.#registry.writeLabels(slot, out);
  }

  /** Replay: the slot of a series that the log calls `walRef`, with the chunks of it that stand on disk. */
  restoreSeries(walRef: number, labels: Labels, chunks: readonly MappedChunk[]): number {
    let slot = this.#registry.find(labels);
    if (slot < 0) slot = this.#add(labels, walRef);
    else if (walRef !== this.walRef(slot)) this.#takeReference(walRef, slot);
    for (const chunk of chunks) {
      if (chunk.maxt < this.#floor) continue;
      if (this.#chunks.restore(slot, chunk)) this.#noteTimes(chunk.mint, chunk.maxt);
    }
    return slot;
  }

  /** −1 where the series of this reference is gone. */
  slotOf(ref: number): number {
    if (ref < slots) return ref < this.#registry.slots && this.#generation(ref) === 0 ? ref : -1;
    const generation = Math.floor(ref / slots);
    const slot = ref - generation * slots;
    return slot < this.#registry.slots && this.#generation(slot) === generation ? slot : -1;
  }

  walRef(slot: number): number {
    return this.#walRefs[slot]!;
  }

  /** The log's references to all series, rising. */
  walRefs(): Float64Array {
    const refs = new Float64Array(this.series + this.#aliases.size);
    const { log } = this.shared;
    for (let i = 0; i < this.series; i++) refs[i] = this.#walRefs[log.u32[i]!]!;
    refs.set([...this.#aliases.keys()], this.series);
    return refs.sort();
  }

  place(slot: number, t: number, low: number, high: number): Place {
    return t < this.#floor ? place.older : this.#chunks.place(slot, t, low, high);
  }

  /** Whether a sample is too old, because blocks hold its time. */
  refuses(t: number): boolean {
    return t < this.#floor;
  }

  /** From now on no sample before `t` is taken: a block is being made of them, or has been. */
  refuseBefore(t: number): void {
    this.#floor = Math.max(this.#floor, t);
  }

  /** Readers that come from now on find everything before `t` in blocks. */
  leaveToBlocks(t: number): void {
    this.refuseBefore(t);
    this.shared.times[controlTime.blocks] = this.#floor;
  }

  /** Appends a sample where it is newer than all of its series; tells how it stood. */
  append(slot: number, t: number, low: number, high: number): Place {
    if (t < this.#floor) return place.older;
    const stands = this.#chunks.append(slot, t, low, high);
    if (stands === place.newer) this.#noteTimes(t, t);
    return stands;
  }

  placeHistogram(slot: number, t: number, histogram: FloatHistogram): Place {
    return t < this.#floor ? place.older : this.#histograms.place(slot, t, histogram);
  }

  appendHistogram(slot: number, t: number, histogram: FloatHistogram): void {
    this.#histograms.append(slot, t, histogram);
    this.#noteTimes(t, t);
  }

  metadataOf(labels: Labels): SeriesMetadata | undefined {
    return this.metadata.get(this.#registry.find(labels));
  }

  /** Adds an exemplar where it is news. */
  addExemplar(slot: number, exemplar: Exemplar): void {
    const labels = this.labels(slot);
    if (this.exemplars.takes(labels, exemplar)) this.exemplars.add(labels, exemplar);
  }

  /** What is appended until `endCommit` is shown to readers that come then, all at once. */
  beginCommit(): void {
    this.#chunks.commit = (this.shared.control[controlWord.committed]! + 1) >>> 0;
  }

  endCommit(): void {
    Atomics.store(this.shared.control, controlWord.committed, this.#chunks.commit);
  }

  /** Whether there is a window for late samples at all. */
  get holdsLate(): boolean {
    return this.outOfOrderWindow > 0;
  }

  /** Whether a sample may be inserted behind newer ones of its series. */
  takesLate(t: number): boolean {
    return this.holdsLate && t >= Math.max(this.#floor, this.maxTime - this.outOfOrderWindow);
  }

  insertLate(slot: number, t: number, low: number, high: number): Place {
    const stands = this.#late.insert(slot, t, low, high);
    this.#noteTimes(t, t);
    return stands;
  }

  insertLateHistogram(slot: number, t: number, histogram: FloatHistogram): Place {
    const stands = this.#late.insertHistogram(slot, t, histogram);
    this.#noteTimes(t, t);
    return stands;
  }

  /** From now on nobody sees samples of this time in a series. */
  delete(slot: number, deleted: Interval): void {
    if (deleted.maxt >= this.#floor) this.#deletions.add(slot, deleted);
  }

  /** Series with full chunks that wait to be moved to disk. */
  get unmapped(): number {
    return this.#chunks.unmapped;
  }

  /** Moves about `budget` bytes of full chunks to disk. */
  mapChunks(files: ChunkFiles, budget: number): void {
    this.#chunks.map(files, (slot) => this.walRef(slot), budget);
  }

  /** Writes all chunks to disk, for no sample comes any more. @throws where the disk does not take them */
  async putAll(files: ChunkFiles): Promise<void> {
    while (this.unmapped > 0) {
      this.mapChunks(files, closingBudget);
      await breath();
    }
    const { log } = this.shared;
    for (let i = 0; i < this.series; i++) {
      const slot = log.u32[i]!;
      this.#chunks.putOpen(slot, this.walRef(slot), files);
      if (files.gathered < closingBudget) continue;
      files.flush();
      await breath();
    }
    files.flush();
  }

  /**
   * Drops what ends before `mint`, which a block holds now, and the series that have nothing left. Readers that were
   * opened before and need what is dropped fail by name.
   */
  async truncate(mint: number, now: number): Promise<void> {
    const { times } = this.shared;
    if (mint > times[controlTime.truncated]!) times[controlTime.truncated] = mint;
    const empty: number[] = [];
    // The log of the registry does not change on the way but at its end, where new series are.
    const { log } = this.shared;
    for (let i = 0; i < this.series; i++) {
      const slot = log.u32[i]!;
      this.#late.truncate(slot, mint);
      if (this.#chunks.truncate(slot, mint)) empty.push(slot);
      this.#histograms.truncate(slot);
      if (i % truncateStep === truncateStep - 1) await breath();
    }
    if (mint > times[controlTime.min]!) times[controlTime.min] = mint;
    const gone = this.#remove(empty, now);
    this.#deletions.truncate(mint, gone);
    for (const slot of gone) this.metadata.delete(slot);
  }

  /** Returns the slots of those that nobody needs. */
  #remove(candidates: readonly number[], now: number): readonly number[] {
    const waiting = new Set(this.unlogged);
    for (const one of this.gathering) for (const ref of one.refs()) waiting.add(this.slotOf(ref));
    const gone = candidates.filter(
      (slot) => this.#chunks.isEmpty(slot) && this.#late.isEmpty(slot) && !waiting.has(slot),
    );
    if (gone.length > 0) {
      this.#registry.remove(gone);
      const slots = new Set(gone);
      for (const [walRef, slot] of this.#aliases) if (slots.has(slot)) this.#aliases.delete(walRef);
      this.#removed.push({ slots: gone, at: now });
    }
    const ripe = this.#removed.filter(({ at }) => now - at >= removalGrace);
    for (const { slots } of ripe) this.#registry.release(slots);
    this.#removed = this.#removed.filter(({ at }) => now - at < removalGrace);
    return gone;
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

  /** The newest reference is written from now on: so all that bears an older one is older, too. */
  #takeReference(walRef: number, slot: number): void {
    this.#aliases.set(this.walRef(slot), slot);
    this.#walRefs[slot] = walRef;
    this.#nextWalRef = Math.max(this.#nextWalRef, walRef + 1);
  }

  #generation(slot: number): number {
    return this.shared.rows.u32[rowWords * slot + rowField.generation]!;
  }

  #noteTimes(mint: number, maxt: number): void {
    const { times } = this.shared;
    if (maxt > times[controlTime.max]!) times[controlTime.max] = maxt;
    if (mint < times[controlTime.min]!) times[controlTime.min] = mint;
  }
}

/** Lets the event loop turn. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
