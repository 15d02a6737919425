import { type FloatHistogram, type Labels, staleHigh, staleLow } from '@paddlewatch/model';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { ExemplarsRecord } from './exemplar-record.ts';
import { HistogramRecords } from './histogram-record.ts';
import { beginMetadata, putMetadata, type SeriesMetadata } from './metadata-record.ts';
import { recordType } from './record-type.ts';
import { beginSeries, beginTombstones, putSeries, putTombstone, type RecordVisitor } from './records.ts';
import type { RefTable } from './ref-table.ts';
import { SamplesRecord } from './samples-record.ts';
import type { Wal } from './wal.ts';

/** What a checkpoint keeps of a log: everything of series that live, from a time on, and the last word on each metric. */
export class NeededRecords implements RecordVisitor {
  readonly #keep: RefTable;
  readonly #mint: number;
  readonly #series = new ByteWriter();
  readonly #samples = new SamplesRecord();
  readonly #tombstones = new ByteWriter();
  readonly #histograms = new HistogramRecords();
  readonly #exemplars = new ExemplarsRecord();
  readonly #metadata = new Map<number, SeriesMetadata>();
  #plain: Uint8Array = new Uint8Array(0);
  #whole = false;

  /** Series that `keep` does not know are gone. Milliseconds. */
  constructor(keep: RefTable, mint: number) {
    this.#keep = keep;
    this.#mint = mint;
  }

  begin(record: Uint8Array): void {
    this.#plain = record;
    this.#whole = false;
    this.#series.clear();
    this.#samples.begin();
    this.#tombstones.clear();
    this.#histograms.begin();
    this.#exemplars.begin();
  }

  series(ref: number, labels: Labels): void {
    if (this.#keep.get(ref) < 0) return;
    if (this.#series.length === 0) beginSeries(this.#series);
    putSeries(this.#series, ref, labels);
  }

  sample(ref: number, t: number, low: number, high: number): void {
    if (this.#needs(ref, t)) this.#samples.put(ref, t, low, high);
  }

  tombstone(ref: number, mint: number, maxt: number): void {
    if (!this.#needs(ref, maxt)) return;
    if (this.#tombstones.length === 0) beginTombstones(this.#tombstones);
    putTombstone(this.#tombstones, ref, mint, maxt);
  }

  histogram(ref: number, t: number, histogram: FloatHistogram | undefined): void {
    if (!this.#needs(ref, t)) return;
    if (histogram) this.#histograms.put(ref, t, histogram);
    else this.#samples.put(ref, t, staleLow, staleHigh);
  }

  exemplar(ref: number, t: number, value: number, labels: Labels): void {
    if (this.#needs(ref, t)) this.#exemplars.put(ref, t, value, labels);
  }

  metadata(ref: number, metadata: SeriesMetadata): void {
    if (this.#keep.get(ref) >= 0) this.#metadata.set(ref, metadata);
  }

  other(type: number): void {
    this.#whole = type !== recordType.mappedChunks;
  }

  /** Adds what is needed of the record to another log. */
  write(out: Wal): void {
    if (this.#whole) out.add(this.#plain);
    if (this.#series.length > 0) out.add(this.#series.view());
    if (this.#samples.record.length > 0) out.add(this.#samples.record.view());
    if (this.#tombstones.length > 0) out.add(this.#tombstones.view());
    for (const view of this.#histograms.views()) out.add(view);
    if (this.#exemplars.record.length > 0) out.add(this.#exemplars.record.view());
  }

  /** Adds what was said of metrics, when all records were written. */
  writeMetadata(out: Wal): void {
    if (this.#metadata.size === 0) return;
    const record = new ByteWriter();
    beginMetadata(record);
    for (const [ref, metadata] of this.#metadata) putMetadata(record, ref, metadata);
    out.add(record.view());
  }

  #needs(ref: number, t: number): boolean {
    return t >= this.#mint && this.#keep.get(ref) >= 0;
  }
}
