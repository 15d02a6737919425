import fs from 'node:fs';
import path from 'node:path';
import type { Labels, Matcher } from '@paddlewatch/model';
import { type Appender, HeadAppender } from './head/appender.ts';
import { place } from './head/chunks.ts';
import { Head } from './head/head.ts';
import { HeadSource } from './head/head-source.ts';
import { SeriesIndex } from './head/series-index.ts';
import { type HeadMemory, SharedHead } from './head/shared-head.ts';
import { lockFolder } from './lock.ts';
import { type Querier, Reader } from './read/reader.ts';
import { RefTable } from './wal/ref-table.ts';
import { replay } from './wal/replay.ts';
import { Wal, type WalOptions } from './wal/wal.ts';

export interface DbOptions {
  /** The folder of the database; made where it is not there. */
  readonly dir: string;
  /** More series than this are refused with SeriesLimitError. Default 10 million. */
  readonly maxSeries?: number;
  readonly wal?: WalOptions;
  /** See ReplayOptions. Default 'refuse'. */
  readonly repair?: 'refuse' | 'drop';
  /** Hears repairs and other news, one line each. Default: nobody. */
  readonly log?: (line: string) => void;
}

/** What a thread needs to read a database of another thread: structured-cloneable, no bytes are copied. */
export interface DbHandle {
  readonly head: HeadMemory;
}

export interface DbStats {
  readonly series: number;
  /** Milliseconds; Infinity and −Infinity while there are no samples. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Bytes of shared memory that the head uses. */
  readonly headBytes: number;
  /** Number of the log segment that is being written, and its bytes so far. */
  readonly walSegment: number;
  readonly walOffset: number;
}

/** A time-series database in one folder, in Prometheus' own format. One process and thread owns it; others read. */
export class Db {
  readonly #head: Head;
  readonly #wal: Wal;
  readonly #unlock: () => void;
  readonly #index: SeriesIndex;
  readonly #reader: Reader;

  private constructor(head: Head, wal: Wal, unlock: () => void) {
    this.#head = head;
    this.#wal = wal;
    this.#unlock = unlock;
    this.#index = new SeriesIndex(head.shared);
    const source = new HeadSource(this.#index);
    this.#reader = new Reader(() => [source]);
  }

  /** @throws LockError, WalError (which names file and offset of damage). */
  static async open(options: DbOptions): Promise<Db> {
    fs.mkdirSync(options.dir, { recursive: true });
    const unlock = lockFolder(options.dir);
    try {
      const dir = path.join(options.dir, 'wal');
      const head = new Head({ maxSeries: options.maxSeries });
      restore(head, dir, options);
      return new Db(head, new Wal(dir, options.wal), unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  appender(): Appender {
    return new HeadAppender(this.#head, this.#wal, this.#index);
  }

  querier(mint: number, maxt: number): Querier {
    return this.#reader.querier(mint, maxt);
  }

  labelNames(matchers: readonly Matcher[], mint: number, maxt: number, limit?: number): Promise<string[]> {
    return this.#reader.labelNames(matchers, mint, maxt, limit);
  }

  labelValues(
    name: string,
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit?: number,
  ): Promise<string[]> {
    return this.#reader.labelValues(name, matchers, mint, maxt, limit);
  }

  series(matchers: readonly Matcher[], mint: number, maxt: number, limit?: number): Promise<Labels[]> {
    return this.#reader.series(matchers, mint, maxt, limit);
  }

  share(): DbHandle {
    return { head: this.#head.shared.memory() };
  }

  stats(): DbStats {
    return {
      series: this.#head.series,
      minTime: this.#head.minTime,
      maxTime: this.#head.maxTime,
      headBytes: this.#head.bytes,
      walSegment: this.#wal.segment,
      walOffset: this.#wal.offset,
    };
  }

  async close(): Promise<void> {
    await this.#wal.close();
    this.#unlock();
  }
}

/** The reading side of a database that another thread owns. Samples are visible as soon as they are committed. */
export function openShared(handle: DbHandle): Reader {
  const head = new HeadSource(new SeriesIndex(new SharedHead(handle.head)));
  return new Reader(() => [head]);
}

function restore(head: Head, dir: string, options: DbOptions): void {
  const slots = new RefTable();
  replay(
    dir,
    {
      series: (ref, labels) => slots.set(ref, head.restoreSeries(ref, labels)),
      sample(ref, t, low, high) {
        const slot = slots.get(ref);
        if (slot < 0) return;
        if (head.place(slot, t, low, high) === place.newer) head.append(slot, t, low, high);
      },
      other: () => undefined,
    },
    options,
  );
}
