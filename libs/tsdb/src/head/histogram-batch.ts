import type { FloatHistogram } from '@paddlewatch/model';
import { HistogramRecords } from '../wal/histogram-record.ts';
import type { Wal } from '../wal/wal.ts';
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

/** The histograms of a commit, which goes through the same steps with them as with floats. */
export class HistogramBatch {
  readonly #head: Head;
  readonly #records = new HistogramRecords();
  readonly #entries: Entry[] = [];

  constructor(head: Head) {
    this.#head = head;
  }

  add(ref: number, t: number, histogram: FloatHistogram): void {
    this.#entries.push({ ref, t, histogram, slot: -1 });
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Forgets all but the first `length`. */
  truncate(length: number): void {
    this.#entries.length = length;
  }

  /** Writes those that fit. */
  log(wal: Wal, result: Counts): void {
    if (this.#entries.length === 0) return;
    const head = this.#head;
    this.#records.begin();
    for (const entry of this.#entries) {
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

  /** Shows them to readers. Places are asked again: a series may occur twice in one commit. */
  apply(result: Counts): void {
    for (const { slot, t, histogram } of this.#entries) {
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
