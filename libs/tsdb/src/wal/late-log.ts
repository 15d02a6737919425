import fs from 'node:fs';
import { replaceFile } from '../block/durable.ts';
import { FragmentReader, FragmentWriter } from './fragments.ts';
import { recordType } from './record-type.ts';
import { listSegments, segmentFile } from './segments.ts';
import { Wal, type WalOptions } from './wal.ts';

interface EndedSegment {
  readonly index: number;
  /** No sample in it is newer. */
  readonly newest: number;
}

/** The log of late samples, `wbl/`. It has no checkpoints: a segment is deleted when blocks hold all of its samples. */
export class LateLog {
  readonly #dir: string;
  readonly #options: WalOptions | undefined;
  /** Oldest first. */
  #ended: EndedSegment[];
  #wal: Wal | undefined;
  /** The first segment that is not in `ended`. */
  #current = 0;

  /** `newest` is the newest sample of the database: those that earlier runs left in the log are not newer. */
  constructor(dir: string, options: WalOptions | undefined, newest: number) {
    this.#dir = dir;
    this.#options = options;
    this.#ended = listSegments(dir).map((index) => ({ index, newest }));
  }

  /** Made when the first late sample comes. */
  get wal(): Wal {
    if (!this.#wal) {
      this.#wal = new Wal(this.#dir, this.#options);
      this.#current = this.#wal.segment;
    }
    return this.#wal;
  }

  /** Drops segments whose samples are all before `mint`; no sample of the log is newer than `newest`. */
  truncate(mint: number, newest: number): void {
    if (this.#wal) {
      if (this.#wal.offset > 0) this.#wal.nextSegment();
      for (; this.#current < this.#wal.segment; this.#current++) {
        this.#ended.push({ index: this.#current, newest });
      }
    }
    const kept = this.#ended.findIndex((segment) => segment.newest >= mint);
    for (const { index } of this.#ended.splice(0, kept < 0 ? this.#ended.length : kept)) {
      fs.rmSync(segmentFile(this.#dir, index), { force: true });
    }
  }

  async close(): Promise<void> {
    await this.#wal?.close();
  }
}

/**
 * Prometheus notes here which late samples stand in chunks_head/ too, and takes only those behind the note from here. A
 * kill may have kept such a chunk from the disk, and the files that we add make it look as if it were there: so the notes
 * go, and every sample comes from here. For a log that has been replayed, and so is sound.
 */
export function dropMappedNotes(dir: string): void {
  for (const index of listSegments(dir)) {
    const file = segmentFile(dir, index);
    const reader = new FragmentReader(fs.readFileSync(file));
    const writer = new FragmentWriter('snappy');
    let dropped = false;
    for (let record = reader.next(); record; record = reader.next()) {
      if (record[0] === recordType.mappedChunks) dropped = true;
      else writer.record(record);
    }
    if (dropped) replaceFile(file, writer.out.view());
  }
}
