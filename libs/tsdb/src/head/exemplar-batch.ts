import { ExemplarsRecord } from '../wal/exemplar-record.ts';
import type { Wal } from '../wal/wal.ts';
import { Batch } from './batch.ts';
import type { Exemplar } from './exemplars.ts';
import type { Head } from './head.ts';

interface Entry {
  readonly ref: number;
  readonly exemplar: Exemplar;
  /** −1 where it is not taken: most scrapes bring what the last one brought. */
  slot: number;
}

/** The exemplars of a commit. */
export class ExemplarBatch extends Batch<Entry> {
  readonly #head: Head;
  readonly #record = new ExemplarsRecord();

  constructor(head: Head) {
    super();
    this.#head = head;
  }

  add(ref: number, exemplar: Exemplar): void {
    this.entries.push({ ref, exemplar, slot: -1 });
  }

  log(wal: Wal): void {
    if (this.entries.length === 0) return;
    const head = this.#head;
    this.#record.begin();
    for (const entry of this.entries) {
      const { ref, exemplar } = entry;
      const slot = head.slotOf(ref);
      if (slot < 0 || !head.exemplars.takes(head.labels(slot), exemplar)) continue;
      entry.slot = slot;
      this.#record.put(head.walRef(slot), exemplar.t, exemplar.value, exemplar.labels);
    }
    if (this.#record.record.length > 0) wal.add(this.#record.record.view());
  }

  apply(): void {
    for (const { slot, exemplar } of this.entries) if (slot >= 0) this.#head.addExemplar(slot, exemplar);
  }
}
