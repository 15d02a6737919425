import type { FloatHistogram } from '@paddlewatch/model';
import { HistogramRecords } from '../wal/histogram-record.ts';
import type { Wal } from '../wal/wal.ts';
import { Batch } from './batch.ts';
import { place } from './chunks.ts';
import { type Counts, countRefused } from './commit-result.ts';
import type { Head } from './head.ts';

interface Entry {
  readonly ref: number;
  readonly t: number;
  readonly histogram: FloatHistogram;
  /** −1 where it does not fit. */
  slot: number;
}

/** The histograms of a commit. */
export class HistogramBatch extends Batch<Entry> {
  readonly #head: Head;
  readonly #records = new HistogramRecords();

  constructor(head: Head) {
    super();
    this.#head = head;
  }

  add(ref: number, t: number, histogram: FloatHistogram): void {
    this.entries.push({ ref, t, histogram, slot: -1 });
  }

  *refs(): Iterable<number> {
    for (const { ref } of this.entries) yield ref;
  }

  log(wal: Wal, result: Counts): void {
    if (this.entries.length === 0) return;
    const head = this.#head;
    this.#records.begin();
    for (const entry of this.entries) {
      const slot = head.slotOf(entry.ref);
      if (slot < 0) {
        result.unknownSeries++;
        continue;
      }
      const stands = head.placeHistogram(slot, entry.t, entry.histogram);
      if (stands === place.newer) {
        entry.slot = slot;
        this.#records.put(head.walRef(slot), entry.t, entry.histogram);
      } else countRefused(result, stands);
    }
    for (const record of this.#records.views()) wal.add(record);
  }

  /** Places are asked again: a series may occur twice in one commit. */
  apply(result: Counts): void {
    for (const { slot, t, histogram } of this.entries) {
      if (slot < 0) continue;
      const stands = this.#head.placeHistogram(slot, t, histogram);
      if (stands !== place.newer) {
        countRefused(result, stands);
        continue;
      }
      this.#head.appendHistogram(slot, t, histogram);
      result.appended++;
    }
  }
}
