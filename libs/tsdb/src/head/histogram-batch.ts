import type { FloatHistogram } from '@paddlewatch/model';
import { HistogramRecords } from '../wal/histogram-record.ts';
import type { Wal } from '../wal/wal.ts';
import { Batch } from './batch.ts';
import { type Place, place } from './chunks.ts';
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
  readonly #late = new HistogramRecords();
  /** The newest time of each slot in this commit, kept where late histograms are taken. */
  readonly #newest = new Map<number, number>();

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
    this.#late.begin();
    if (this.entries.length === 0) return;
    const head = this.#head;
    this.#records.begin();
    this.#newest.clear();
    for (const entry of this.entries) {
      const slot = head.slotOf(entry.ref);
      if (slot < 0) {
        result.unknownSeries++;
        continue;
      }
      const stands = this.#place(slot, entry);
      const late = stands === place.older && head.takesLate(entry.t);
      if (stands !== place.newer && !late) {
        countRefused(result, stands);
        continue;
      }
      entry.slot = slot;
      this.#records.put(head.walRef(slot), entry.t, entry.histogram);
      if (late) this.#late.put(head.walRef(slot), entry.t, entry.histogram);
    }
    for (const record of this.#records.views()) wal.add(record);
  }

  /** What `log` found to be late, for the log of late samples. */
  lateRecords(): Iterable<Uint8Array> {
    return this.#late.views();
  }

  /** As with floats: what is older than another one of this commit will be late when it is applied. */
  #place(slot: number, { t, histogram }: Entry): Place {
    const head = this.#head;
    const stands = head.placeHistogram(slot, t, histogram);
    if (stands !== place.newer || !head.holdsLate) return stands;
    if (t < (this.#newest.get(slot) ?? Number.NEGATIVE_INFINITY)) return place.older;
    this.#newest.set(slot, t);
    return place.newer;
  }

  /** Places are asked again: a series may occur twice in one commit. */
  apply(result: Counts): void {
    for (const { slot, t, histogram } of this.entries) {
      if (slot < 0) continue;
      let stands = this.#head.placeHistogram(slot, t, histogram);
      if (stands === place.newer) this.#head.appendHistogram(slot, t, histogram);
      else if (stands === place.older && this.#head.holdsLate)
        stands = this.#head.insertLateHistogram(slot, t, histogram);
      if (stands === place.newer) result.appended++;
      else countRefused(result, stands);
    }
  }
}
