import { ByteWriter } from '../bytes/byte-writer.ts';
import { beginMetadata, putMetadata, type SeriesMetadata } from '../wal/metadata-record.ts';
import type { Wal } from '../wal/wal.ts';
import { Batch } from './batch.ts';
import type { Head } from './head.ts';

interface Entry {
  readonly ref: number;
  readonly metadata: SeriesMetadata;
  /** −1 where it is no news. */
  slot: number;
}

/** What a commit says of the metrics of its series. */
export class MetadataBatch extends Batch<Entry> {
  readonly #head: Head;
  readonly #record = new ByteWriter();

  constructor(head: Head) {
    super();
    this.#head = head;
  }

  add(ref: number, metadata: SeriesMetadata): void {
    this.entries.push({ ref, metadata, slot: -1 });
  }

  log(wal: Wal): void {
    if (this.entries.length === 0) return;
    const head = this.#head;
    this.#record.clear();
    for (const entry of this.entries) {
      const slot = head.slotOf(entry.ref);
      if (slot < 0 || isSame(head.metadata.get(slot), entry.metadata)) continue;
      entry.slot = slot;
      if (this.#record.length === 0) beginMetadata(this.#record);
      putMetadata(this.#record, head.walRef(slot), entry.metadata);
    }
    if (this.#record.length > 0) wal.add(this.#record.view());
  }

  apply(): void {
    for (const { slot, metadata } of this.entries) if (slot >= 0) this.#head.metadata.set(slot, metadata);
  }
}

function isSame(a: SeriesMetadata | undefined, b: SeriesMetadata): boolean {
  return a !== undefined && a.type === b.type && a.unit === b.unit && a.help === b.help;
}
