import path from 'node:path';
import { type Labels, type Matcher, staleHigh, staleLow } from '@paddlewatch/model';
import { BlockList, type SharedBlocks, setDamagedAside } from './block/block-list.ts';
import type { Retention } from './block/plan.ts';
import { removeDrafts, Upkeep } from './block/upkeep.ts';
import { WindowMemory } from './block/window-memory.ts';
import { makeFolder } from './folder.ts';
import { type Appender, HeadAppender } from './head/appender.ts';
import type { MappedChunk } from './head/chunk-file.ts';
import { ChunkFiles, chunksBySeries, loadChunkFiles } from './head/chunk-files.ts';
import { place } from './head/chunks.ts';
import { takeClosingMark, writeClosingMark } from './head/closing-mark.ts';
import { deleteFromHead } from './head/deletion.ts';
import type { ExemplarStats, SeriesExemplars } from './head/exemplars.ts';
import { Head } from './head/head.ts';
import { HeadSource } from './head/head-source.ts';
import { MappedBytes } from './head/mapped-bytes.ts';
import { type HeadMemory, SharedHead } from './head/shared-head.ts';
import { lockFolder } from './lock.ts';
import { type Querier, Reader } from './read/reader.ts';
import { checkpoint } from './wal/checkpoint.ts';
import { dropMappedNotes, LateLog } from './wal/late-log.ts';
import type { SeriesMetadata } from './wal/metadata-record.ts';
import type { RecordVisitor } from './wal/records.ts';
import { RefTable } from './wal/ref-table.ts';
import { replay } from './wal/replay.ts';
import { listSegments } from './wal/segments.ts';
import { Wal, type WalOptions } from './wal/wal.ts';

export interface DbOptions {
  /** The folder of the database; made where it is not there. */
  readonly dir: string;
  /** More series than this are refused with SeriesLimitError. Default 10 million. */
  readonly maxSeries?: number;
  readonly wal?: WalOptions;
  /** Milliseconds; blocks are cut at its multiples. Default 2 h. */
  readonly chunkRange?: number;
  /** How much older than the newest sample a late one may be, in ms. Default 0: out-of-order samples are refused. */
  readonly outOfOrderWindow?: number;
  /** How many exemplars are kept, the newest of all series. Default 0: none. */
  readonly maxExemplars?: number;
  /** Default: everything is kept. */
  readonly retention?: Retention;
  /** 'drop' opens without what is damaged: see ReplayOptions and setDamagedAside. Default 'refuse'. */
  readonly repair?: 'refuse' | 'drop';
  /** Hears repairs and other news, one line each. Default: nobody. */
  readonly log?: (line: string) => void;
  /** Milliseconds since the epoch. Default Date.now. */
  readonly now?: () => number;
}

/** How often full chunks move to disk, in ms, and about how many bytes at once (1 ms of work). */
const mapInterval = 250;
const mapBudget = 128 * 1024;
/** How often the database looks whether a block is to be cut, joined or deleted, in ms. */
const upkeepInterval = 60_000;

/** What a thread needs to read a database of another thread: structured-cloneable, no bytes are copied. */
export interface DbHandle {
  readonly dir: string;
  readonly head: HeadMemory;
  readonly blocks: SharedBlocks;
}

export interface DbStats {
  readonly series: number;
  /** Milliseconds; Infinity and −Infinity while there are no samples. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Bytes of shared memory that the head uses. */
  readonly headBytes: number;
  /** Series with full chunks that are not on disk yet. */
  readonly unmapped: number;
  /** Number of the log segment that is being written, and its bytes so far. */
  readonly walSegment: number;
  readonly walOffset: number;
}

/** A time-series database in one folder, in Prometheus' own format. One process and thread owns it; others read. */
export class Db {
  readonly #dir: string;
  readonly #options: DbOptions;
  readonly #head: Head;
  readonly #wal: Wal;
  readonly #lateLog: LateLog;
  readonly #chunkFiles: ChunkFiles;
  readonly #unlock: () => void;
  readonly #blocks: BlockList;
  readonly #source: HeadSource;
  readonly #reader: Reader;
  readonly #upkeep: Upkeep;
  readonly #mapTimer: NodeJS.Timeout;
  readonly #upkeepTimer: NodeJS.Timeout;
  #mapSoon: NodeJS.Immediate | undefined;

  private constructor(
    options: DbOptions,
    head: Head,
    chunkFiles: ChunkFiles,
    wal: Wal,
    blocks: BlockList,
    unlock: () => void,
  ) {
    this.#dir = options.dir;
    this.#options = options;
    this.#head = head;
    this.#wal = wal;
    this.#lateLog = new LateLog(path.join(options.dir, 'wbl'), options.wal, head.maxTime);
    this.#chunkFiles = chunkFiles;
    this.#unlock = unlock;
    this.#blocks = blocks;
    const source = headOf(this.share());
    this.#source = source;
    this.#reader = readerOf(source, blocks);
    this.#mapTimer = setInterval(() => this.#mapChunks(), mapInterval);
    this.#mapTimer.unref();
    const log = options.log ?? (() => undefined);
    this.#upkeep = new Upkeep({
      dir: options.dir,
      head,
      blocks,
      retention: options.retention ?? { time: 0, size: 0 },
      deleteFromHead: (...what) => deleteFromHead(head, source, wal, ...what),
      truncate: (mint) => this.#truncate(mint),
      now: options.now ?? Date.now,
      log,
    });
    const upkeep = () => this.maintain().catch((error: Error) => log(`cannot keep blocks: ${error.message}`));
    this.#upkeepTimer = setInterval(upkeep, upkeepInterval);
    this.#upkeepTimer.unref();
  }

  /** @throws LockError, WalError or BlockError (which name file and offset of damage). */
  static async open(options: DbOptions): Promise<Db> {
    makeFolder(options.dir);
    const unlock = lockFolder(options.dir);
    const blocks = new BlockList(options.dir);
    try {
      const log = options.log ?? (() => undefined);
      removeDrafts(options.dir);
      if (options.repair === 'drop') setDamagedAside(options.dir, log);
      const ends = blocks.sources().map(({ block }) => block.meta.maxTime);
      const head = new Head(options);
      if (ends.length > 0) head.leaveToBlocks(Math.max(...ends));
      const chunks = loadChunkFiles(path.join(options.dir, 'chunks_head'), log);
      await restore(head, options, chunks);
      const chunkFiles = new ChunkFiles(path.join(options.dir, 'chunks_head'), chunks);
      const wal = new Wal(path.join(options.dir, 'wal'), options.wal);
      return new Db(options, head, chunkFiles, wal, blocks, unlock);
    } catch (error) {
      blocks.close();
      unlock();
      throw error;
    }
  }

  appender(): Appender {
    return new HeadAppender(this.#head, this.#wal, () => this.#lateLog.wal);
  }

  querier(mint: number, maxt: number): Querier {
    return this.#reader.querier(mint, maxt);
  }

  labelNames(...ask: Parameters<Reader['labelNames']>): Promise<string[]> {
    return this.#reader.labelNames(...ask);
  }

  labelValues(...ask: Parameters<Reader['labelValues']>): Promise<string[]> {
    return this.#reader.labelValues(...ask);
  }

  series(...ask: Parameters<Reader['series']>): Promise<Labels[]> {
    return this.#reader.series(...ask);
  }

  /**
   * Takes at most so many of the head's series into the index that this thread reads by and has not met yet; whether none
   * is left. Who reads without takes in all of them at once.
   */
  catchUp(most: number): boolean {
    return this.#source.catchUp(most);
  }

  /** Exemplars with mint ≤ t ≤ maxt of the series that fit any of the selectors. In memory: for the owning thread. */
  exemplars(selectors: readonly (readonly Matcher[])[], mint: number, maxt: number): SeriesExemplars[] {
    return this.#head.exemplars.select(selectors, mint, maxt);
  }

  get exemplarStats(): ExemplarStats {
    return this.#head.exemplars.stats;
  }

  /** From now on; see DbOptions. */
  set outOfOrderWindow(ms: number) {
    this.#head.outOfOrderWindow = ms;
  }

  set maxExemplars(most: number) {
    this.#head.exemplars.capacity = most;
  }

  /** What was said last of the metric of a series that the head holds. */
  metadata(labels: Labels): SeriesMetadata | undefined {
    return this.#head.metadataOf(labels);
  }

  share(): DbHandle {
    return { dir: this.#dir, head: this.#head.shared.memory(), blocks: this.#blocks.shared };
  }

  /** Time of the newest sample, ms; −Infinity where there is none. @throws BlockError */
  get newest(): number {
    return Math.max(this.#head.maxTime, ...this.#blocks.sources().map(({ maxTime }) => maxTime));
  }

  stats(): DbStats {
    return {
      series: this.#head.series,
      minTime: this.#head.minTime,
      maxTime: this.#head.maxTime,
      headBytes: this.#head.bytes,
      unmapped: this.#head.unmapped,
      walSegment: this.#wal.segment,
      walOffset: this.#wal.offset,
    };
  }

  /**
   * Drops from head and log what lies before `mint`, because a block holds it. Series without newer samples lose their
   * references. Readers that were opened before the block was there fail with TruncatedError where they need it.
   */
  truncate(mint: number): Promise<void> {
    return this.#upkeep.alone(() => this.#truncate(mint));
  }

  async #truncate(mint: number): Promise<void> {
    await this.#head.truncate(mint, this.#options.now?.() ?? Date.now());
    this.#chunkFiles.truncate(mint);
    this.#lateLog.truncate(mint, this.#head.maxTime);
    const segments = listSegments(this.#wal.dir);
    const first = segments[0] ?? this.#wal.segment;
    // As Prometheus: the newer third stays, so that a checkpoint does not copy what the next one drops.
    const last = first + Math.floor(((this.#wal.segment - 1 - first) * 2) / 3);
    if (this.#wal.segment > first) {
      const { compression } = this.#options.wal ?? {};
      const series = this.#head.walRefs();
      await checkpoint({ dir: this.#wal.dir, last, series, mint: this.#head.minTime, compression });
    }
  }

  /**
   * Cuts what is full from the head into blocks, joins and deletes blocks: what is due now. Runs every minute by itself.
   * What was cut leaves the memory one round later. @throws where the disk does not take it; nothing is lost then.
   */
  maintain(): Promise<void> {
    return this.#upkeep.run();
  }

  /**
   * Deletes the samples of these series with mint ≤ t ≤ maxt: readers no longer see them, compaction drops them.
   * @throws WalError, BlockError or what the disk says; then some of them are deleted.
   */
  deleteSeries(matchers: readonly Matcher[], mint: number, maxt: number): Promise<void> {
    return this.#upkeep.deleteSeries(matchers, mint, maxt);
  }

  /** Frees the disk of what was deleted. */
  cleanTombstones(): Promise<void> {
    return this.#upkeep.cleanTombstones();
  }

  /** Copies the database into another folder of the same disk, blocks without taking more of it. */
  snapshot(target: string, withHead = true): Promise<void> {
    return this.#upkeep.snapshot(target, withHead);
  }

  get retention(): Retention {
    return this.#upkeep.retention;
  }

  set retention(retention: Retention) {
    this.#upkeep.retention = retention;
  }

  /** Syncs the log and gives the folder back. Full chunks are written out, so that the next opening is quick. */
  async close(): Promise<void> {
    clearInterval(this.#mapTimer);
    clearInterval(this.#upkeepTimer);
    await this.#upkeep.stop();
    clearImmediate(this.#mapSoon);
    await this.#wal.close();
    await this.#lateLog.close();
    await this.#sealChunks();
    this.#chunkFiles.close();
    this.#blocks.close();
    this.#unlock();
  }

  /** All chunks go to disk, so that the next opening need not read the samples of the log. */
  async #sealChunks(): Promise<void> {
    try {
      await this.#head.putAll(this.#chunkFiles);
      writeClosingMark(this.#chunkFiles, this.#wal);
    } catch (error) {
      this.#options.log?.(
        `cannot write ${this.#chunkFiles.dir}, the log holds the samples: ${(error as Error).message}`,
      );
    }
  }

  /** A little at a time: a hundred thousand series fill their chunks in the same scrape. */
  #mapChunks(): void {
    if (this.#head.unmapped === 0) return;
    try {
      this.#head.mapChunks(this.#chunkFiles, mapBudget);
      if (this.#head.unmapped > 0) this.#mapSoon = setImmediate(() => this.#mapChunks());
    } catch (error) {
      // They stay in memory and the next tick tries again; the log has the samples.
      this.#options.log?.(`cannot write ${this.#chunkFiles.dir}: ${(error as Error).message}`);
    }
  }
}

/** The reading side of a database that another thread owns. Samples are visible as soon as they are committed. */
export function openShared(handle: DbHandle): Reader {
  return readerOf(headOf(handle), new BlockList(handle.dir, handle.blocks));
}

/** Gives back what a thread that has ended held of the shared memory. Number: its `threadId`. */
export function leaveShared({ blocks }: DbHandle, thread: number): void {
  new WindowMemory(blocks.windows).leaveAll(thread);
}

function readerOf(head: HeadSource, blocks: BlockList): Reader {
  return new Reader(() => {
    const above = head.aboveBlocks();
    return [...blocks.sources(), above];
  });
}

function headOf({ dir, head }: DbHandle): HeadSource {
  return new HeadSource({
    shared: new SharedHead(head),
    mapped: new MappedBytes(path.join(dir, 'chunks_head')),
  });
}

/** Fills the head from both logs. What was acknowledged as late was in its window then, so it is taken without asking. */
async function restore(head: Head, options: DbOptions, chunks: readonly MappedChunk[]): Promise<void> {
  const slots = new RefTable();
  const chunksOf = chunksBySeries(chunks, options.log);
  const visitor: RecordVisitor = {
    series: (ref, labels) => slots.set(ref, head.restoreSeries(ref, labels, chunksOf.get(ref) ?? [])),
    sample(ref, t, low, high) {
      const slot = slots.get(ref);
      if (slot >= 0) head.append(slot, t, low, high);
    },
    tombstone(ref, mint, maxt) {
      const slot = slots.get(ref);
      if (slot >= 0) head.delete(slot, { mint, maxt });
    },
    histogram(ref, t, histogram) {
      const slot = slots.get(ref);
      if (!histogram) visitor.sample(ref, t, staleLow, staleHigh);
      else if (slot >= 0 && head.placeHistogram(slot, t, histogram) === place.newer)
        head.appendHistogram(slot, t, histogram);
    },
    exemplar(ref, t, value, labels) {
      const slot = slots.get(ref);
      if (slot >= 0) head.addExemplar(slot, { labels, value, t });
    },
    metadata(ref, metadata) {
      const slot = slots.get(ref);
      if (slot >= 0) head.metadata.set(slot, metadata);
    },
    other: () => undefined,
  };
  const wal = path.join(options.dir, 'wal');
  const samplesAfter = takeClosingMark(path.join(options.dir, 'chunks_head'), wal, (t) => head.refuses(t));
  await replay(wal, visitor, { ...options, first: 0, samplesAfter });
  const late: RecordVisitor = {
    ...visitor,
    sample(ref, t, low, high) {
      const slot = slots.get(ref);
      if (slot >= 0 && !head.refuses(t) && head.place(slot, t, low, high) === place.older)
        head.insertLate(slot, t, low, high);
    },
    histogram(ref, t, histogram) {
      const slot = slots.get(ref);
      if (!histogram) late.sample(ref, t, staleLow, staleHigh);
      else if (slot >= 0 && !head.refuses(t) && head.placeHistogram(slot, t, histogram) === place.older)
        head.insertLateHistogram(slot, t, histogram);
    },
  };
  const lateLog = path.join(options.dir, 'wbl');
  await replay(lateLog, late, options);
  dropMappedNotes(lateLog);
}
