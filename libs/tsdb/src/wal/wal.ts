import fs from 'node:fs';
import { FragmentWriter, type WalCompression } from './fragments.ts';
import { listSegments, segmentFile, segmentSize } from './segments.ts';

/** When bytes go from the operating system to the disk; what each choice survives stands in docs/formats/wal.md. */
export type WalSync = 'commit' | 'interval' | 'never';

export interface WalOptions {
  /** Default 'interval'. */
  readonly sync?: WalSync;
  /** Milliseconds between two syncs with 'interval'. Default 5000. */
  readonly syncInterval?: number;
  /** Default 'snappy', which every Prometheus reads; 'zstd' is smaller and needs Prometheus 2.47 or newer. */
  readonly compression?: WalCompression;
  /** Bytes at which the next segment begins. Default 128 MiB. */
  readonly segmentSize?: number;
}

/** The log could not take a commit, or its folder is damaged. The message names file and offset. */
export class WalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WalError';
  }
}

/** Appends records to the newest segment of a folder. One write for each commit, synchronous, to the page cache. */
export class Wal {
  readonly dir: string;
  readonly #options: Required<WalOptions>;
  readonly #fragments: FragmentWriter;
  #segment: number;
  #file: number;
  /** The file may hold bytes of a failed commit behind `#fragments.start`. */
  #torn = false;
  #unsynced = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #syncing = new Set<Promise<void>>();
  #syncError: Error | undefined;

  /** Begins a new segment behind the existing ones. */
  constructor(dir: string, options: WalOptions = {}) {
    this.dir = dir;
    this.#options = {
      sync: options.sync ?? 'interval',
      syncInterval: options.syncInterval ?? 5000,
      compression: options.compression ?? 'snappy',
      segmentSize: options.segmentSize ?? segmentSize,
    };
    this.#fragments = new FragmentWriter(this.#options.compression);
    fs.mkdirSync(dir, { recursive: true });
    this.#segment = (listSegments(dir).at(-1) ?? -1) + 1;
    this.#file = this.#create(this.#segment);
    if (this.#options.sync === 'interval') {
      this.#timer = setInterval(() => this.#syncSoon(this.#file), this.#options.syncInterval);
      this.#timer.unref();
    }
  }

  /** The number of the segment that is being written. */
  get segment(): number {
    return this.#segment;
  }

  /** Bytes of that segment so far. */
  get offset(): number {
    return this.#fragments.end;
  }

  /** Adds a record to the commit in the making. @throws WalError where the next segment is due and cannot begin. */
  add(record: Uint8Array): void {
    const { out, end } = this.#fragments;
    if (out.length === 0 && end >= this.#options.segmentSize) this.nextSegment();
    this.#fragments.record(record);
  }

  /** Writes what was added, all of it or, with a WalError, none. */
  commit(): void {
    const { out, start } = this.#fragments;
    if (out.length === 0) return;
    try {
      if (this.#syncError) throw this.#syncError;
      if (this.#torn) this.#cutBack();
      for (let done = 0; done < out.length; ) {
        done += fs.writeSync(this.#file, out.bytes, done, out.length - done, start + done);
      }
      if (this.#options.sync === 'commit') fs.fdatasyncSync(this.#file);
    } catch (error) {
      this.#torn = true;
      this.#fragments.restart(start);
      this.#tryCutBack();
      throw new WalError(
        `cannot write ${segmentFile(this.dir, this.#segment)} at offset ${start}: ${(error as Error).message}`,
        { cause: error },
      );
    }
    this.#unsynced = true;
    this.#fragments.restart(start + out.length);
  }

  /** Forgets what was added since the last commit. */
  rollback(): void {
    this.#fragments.restart(this.#fragments.start);
  }

  /** Ends the segment at a page boundary and begins the next; where it cannot, the old one stays. */
  nextSegment(): void {
    const { out, start } = this.#fragments;
    const next = this.#create(this.#segment + 1);
    try {
      if (this.#torn) this.#cutBack();
      this.#fragments.padPage();
      if (out.length > 0) fs.writeSync(this.#file, out.bytes, 0, out.length, start);
    } catch (error) {
      this.#fragments.restart(start);
      fs.closeSync(next);
      fs.rmSync(segmentFile(this.dir, this.#segment + 1));
      throw new WalError(`cannot end ${segmentFile(this.dir, this.#segment)}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    const ended = this.#file;
    this.#file = next;
    this.#segment++;
    this.#fragments.restart(0);
    if (this.#options.sync === 'never') fs.closeSync(ended);
    else this.#syncSoon(ended, true);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#options.sync !== 'never') this.#syncSoon(this.#file);
    await Promise.all(this.#syncing);
    fs.closeSync(this.#file);
    if (this.#syncError) throw this.#syncError;
  }

  #create(index: number): number {
    const file = segmentFile(this.dir, index);
    try {
      return fs.openSync(file, 'wx');
    } catch (error) {
      throw new WalError(`cannot create ${file}: ${(error as Error).message}`, { cause: error });
    }
  }

  #cutBack(): void {
    fs.ftruncateSync(this.#file, this.#fragments.start);
    this.#torn = false;
  }

  #tryCutBack(): void {
    try {
      this.#cutBack();
    } catch {
      // The next commit tries again before it writes, and fails aloud where it cannot.
    }
  }

  /**
   * Syncs in the background. After a failed sync the kernel may have dropped the pages (fsync(2)), so the log takes no
   * further commits: they could not be promised.
   */
  #syncSoon(file: number, close = false): void {
    if (!this.#unsynced && !close) return;
    this.#unsynced = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#syncing.add(promise);
    fs.fdatasync(file, (error) => {
      if (error)
        this.#syncError ??= new WalError(`cannot sync ${this.dir}: ${error.message}`, { cause: error });
      if (close) fs.closeSync(file);
      this.#syncing.delete(promise);
      resolve();
    });
  }
}
