import { ByteWriter } from '../bytes/byte-writer.ts';
import { beginSamples, putSample } from './records.ts';

/** A samples record in the making; the first sample gives the bases. Empty until then. */
export class SamplesRecord {
  readonly record = new ByteWriter(4096);
  #baseRef = 0;
  #baseTime = 0;

  begin(): void {
    this.record.clear();
  }

  put(walRef: number, t: number, low: number, high: number): void {
    if (this.record.length === 0) {
      this.#baseRef = walRef;
      this.#baseTime = t;
      beginSamples(this.record, walRef, t);
    }
    putSample(this.record, walRef - this.#baseRef, t - this.#baseTime, low, high);
  }
}
