import { type FloatHistogram, type Labels, staleHigh, staleLow } from '@paddlewatch/model';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { SeriesMetadata } from '../wal/metadata-record.ts';
import { beginSeries } from '../wal/records.ts';
import { SamplesRecord } from '../wal/samples-record.ts';
import type { Wal } from '../wal/wal.ts';
import type { Batch } from './batch.ts';
import { type Place, place } from './chunks.ts';
import { type CommitResult, type Counts, countRefused } from './commit-result.ts';
import { ExemplarBatch } from './exemplar-batch.ts';
import type { Exemplar } from './exemplars.ts';
import type { Gathering, Head } from './head.ts';
import { HistogramBatch } from './histogram-batch.ts';
import { MetadataBatch } from './metadata-batch.ts';

/**
 * A transaction: samples gather here, `commit` writes them to the log and then shows them to readers, all or none.
 * A sample that does not fit is counted, not thrown. Use it for one commit after another; it keeps its memory.
 */
export interface Appender {
  /** A number for the label set, good for many appends. @throws SeriesLimitError */
  series(labels: Labels): number;
  /** Milliseconds; any float. */
  append(ref: number, t: number, value: number): void;
  /** A staleness marker. */
  appendStale(ref: number, t: number): void;
  /** A native histogram. */
  appendHistogram(ref: number, t: number, histogram: FloatHistogram): void;
  /**
   * An exemplar of a series, stored where the database keeps exemplars. It is passed over where it repeats the newest one
   * of its series, is older than that, or has labels of more than 128 characters.
   */
  appendExemplar(ref: number, exemplar: Exemplar): void;
  /** Whether the database keeps exemplars: to others none need be given. */
  readonly keepsExemplars: boolean;
  /** What is known of the metric of a series; written where it is news. */
  setMetadata(ref: number, metadata: SeriesMetadata): void;
  /** Samples that wait for the commit. */
  readonly pending: number;
  /** What was appended since the last commit stays, whatever `undo` takes back. */
  begin(): void;
  /** Forgets what was appended since `begin`. */
  undo(): void;
  /** @throws WalError where the log cannot take it; then nothing of it is stored. */
  commit(): CommitResult;
  /** Forgets what was appended since the last commit. */
  rollback(): void;
}

export class HeadAppender implements Appender, Gathering {
  readonly #head: Head;
  readonly #wal: Wal;
  /** The log of late samples, made when the first one comes. */
  readonly #lateLog: () => Wal;
  readonly #series = new ByteWriter(4096);
  readonly #samples = new SamplesRecord();
  readonly #late = new SamplesRecord();
  readonly #histograms: HistogramBatch;
  /** The newest time of each slot in this commit, kept where late samples are taken. */
  readonly #newest = new Map<number, number>();
  readonly #exemplars: ExemplarBatch;
  readonly #metadata: MetadataBatch;
  readonly #batches: readonly Batch<unknown>[];
  #length = 0;
  /** `#length` at `begin`. */
  #begun = 0;
  #refs = new Float64Array(256);
  #slots = new Int32Array(256);
  #times = new Float64Array(256);
  #values = new Float64Array(256);
  #words = new Int32Array(this.#values.buffer);

  constructor(head: Head, wal: Wal, lateLog: () => Wal) {
    this.#head = head;
    this.#wal = wal;
    this.#lateLog = lateLog;
    this.#histograms = new HistogramBatch(head);
    this.#exemplars = new ExemplarBatch(head);
    this.#metadata = new MetadataBatch(head);
    this.#batches = [this.#histograms, this.#exemplars, this.#metadata];
  }

  series(labels: Labels): number {
    return this.#head.seriesRef(labels);
  }

  append(ref: number, t: number, value: number): void {
    if (this.#length === 0) this.#head.gathering.add(this);
    if (this.#length === this.#refs.length) this.#grow();
    this.#refs[this.#length] = ref;
    this.#times[this.#length] = t;
    this.#values[this.#length++] = value;
  }

  appendStale(ref: number, t: number): void {
    this.append(ref, t, 0);
    this.#words[2 * this.#length - 2] = staleLow;
    this.#words[2 * this.#length - 1] = staleHigh;
  }

  appendHistogram(ref: number, t: number, histogram: FloatHistogram): void {
    this.#head.gathering.add(this);
    this.#histograms.add(ref, t, histogram);
  }

  appendExemplar(ref: number, exemplar: Exemplar): void {
    this.#exemplars.add(ref, exemplar);
  }

  get keepsExemplars(): boolean {
    return this.#head.exemplars.capacity > 0;
  }

  setMetadata(ref: number, metadata: SeriesMetadata): void {
    this.#metadata.add(ref, metadata);
  }

  get pending(): number {
    return this.#length + this.#histograms.length;
  }

  begin(): void {
    this.#begun = this.#length;
    for (const batch of this.#batches) batch.begin();
  }

  undo(): void {
    this.#length = this.#begun;
    for (const batch of this.#batches) batch.undo();
  }

  /** Of the samples that wait for the commit. */
  *refs(): Iterable<number> {
    yield* this.#refs.subarray(0, this.#length);
    yield* this.#histograms.refs();
  }

  rollback(): void {
    this.#head.gathering.delete(this);
    this.#length = 0;
    this.#begun = 0;
    for (const batch of this.#batches) batch.clear();
  }

  commit(): CommitResult {
    const result: Counts = { appended: 0, outOfOrder: 0, duplicates: 0, unknownSeries: 0 };
    try {
      this.#logSeries();
      this.#logSamples(result);
      for (const batch of this.#batches) batch.log(this.#wal, result);
      this.#logLate();
      this.#wal.commit();
    } catch (error) {
      this.#wal.rollback();
      this.rollback();
      throw error;
    }
    this.#head.unlogged.length = 0;
    this.#head.beginCommit();
    this.#apply(result);
    for (const batch of this.#batches) batch.apply(result);
    this.#head.endCommit();
    this.rollback();
    return result;
  }

  #logSeries(): void {
    const { unlogged } = this.#head;
    if (unlogged.length === 0) return;
    this.#series.clear();
    beginSeries(this.#series);
    for (const slot of unlogged) this.#head.writeSeries(slot, this.#series);
    this.#wal.add(this.#series.view());
  }

  /** Writes the samples that fit; marks the others with slot −1. Late ones stand in both logs, as at Prometheus. */
  #logSamples(result: Counts): void {
    const head = this.#head;
    this.#samples.begin();
    this.#late.begin();
    this.#newest.clear();
    for (let i = 0; i < this.#length; i++) {
      const slot = head.slotOf(this.#refs[i]!);
      const t = this.#times[i]!;
      const low = this.#words[2 * i]!;
      const high = this.#words[2 * i + 1]!;
      this.#slots[i] = -1;
      if (slot < 0) {
        result.unknownSeries++;
        continue;
      }
      const stands = head.holdsLate
        ? this.#placeInCommit(slot, t, low, high)
        : head.place(slot, t, low, high);
      const late = stands === place.older && head.takesLate(t);
      if (stands !== place.newer && !late) {
        countRefused(result, stands);
        continue;
      }
      this.#slots[i] = slot;
      this.#samples.put(head.walRef(slot), t, low, high);
      if (late) this.#late.put(head.walRef(slot), t, low, high);
    }
    if (this.#samples.record.length > 0) this.#wal.add(this.#samples.record.view());
  }

  /** Newer than the head, but older than another sample of this commit: it will be late when it is applied. */
  #placeInCommit(slot: number, t: number, low: number, high: number): Place {
    const stands = this.#head.place(slot, t, low, high);
    if (stands !== place.newer) return stands;
    const newest = this.#newest.get(slot) ?? Number.NEGATIVE_INFINITY;
    if (t < newest) return place.older;
    this.#newest.set(slot, t);
    return place.newer;
  }

  /** Before the main log: what stands only here was never acknowledged, and may come back or not. */
  #logLate(): void {
    const records = [...this.#histograms.lateRecords()];
    if (this.#late.record.length > 0) records.push(this.#late.record.view());
    if (records.length === 0) return;
    const log = this.#lateLog();
    for (const record of records) log.add(record);
    log.commit();
  }

  /**
   * Places are asked again: a series may occur twice in one commit. Replay drops the same samples. What was logged as
   * late is late, also where this very commit moved the window.
   */
  #apply(result: Counts): void {
    const head = this.#head;
    for (let i = 0; i < this.#length; i++) {
      const slot = this.#slots[i]!;
      if (slot < 0) continue;
      const t = this.#times[i]!;
      const low = this.#words[2 * i]!;
      const high = this.#words[2 * i + 1]!;
      let stands = head.append(slot, t, low, high);
      if (stands === place.older && head.holdsLate) stands = head.insertLate(slot, t, low, high);
      if (stands === place.newer) result.appended++;
      else countRefused(result, stands);
    }
  }

  #grow(): void {
    const size = 2 * this.#refs.length;
    const words = this.#words;
    this.#refs = copyInto(new Float64Array(size), this.#refs);
    this.#times = copyInto(new Float64Array(size), this.#times);
    this.#slots = copyInto(new Int32Array(size), this.#slots);
    this.#values = new Float64Array(size);
    this.#words = copyInto(new Int32Array(this.#values.buffer), words);
  }
}

function copyInto<T extends Float64Array | Int32Array>(larger: T, from: T): T {
  larger.set(from);
  return larger;
}
