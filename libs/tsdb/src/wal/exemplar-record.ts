import type { Labels } from '@paddlewatch/model';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { recordType } from './record-type.ts';

// The layout is docs/formats/wal.md, "Exemplars and metadata".

export type EachExemplar = (ref: number, t: number, value: number, labels: Labels) => void;

/** An exemplars record in the making; the first one gives the bases. Empty until then. */
export class ExemplarsRecord {
  readonly record = new ByteWriter();
  #baseRef = 0;
  #baseTime = 0;

  begin(): void {
    this.record.clear();
  }

  put(walRef: number, t: number, value: number, labels: Labels): void {
    const out = this.record;
    if (out.length === 0) {
      this.#baseRef = walRef;
      this.#baseTime = t;
      out.u8(recordType.exemplars);
      out.u64(walRef);
      out.u64(t);
    }
    out.varint(walRef - this.#baseRef);
    out.varint(t - this.#baseTime);
    out.f64(value);
    out.uvarint(labels.length / 2);
    for (const text of labels) out.string(text);
  }
}

export function readExemplars(body: ByteReader, each: EachExemplar): void {
  if (body.left === 0) return;
  const baseRef = body.u64();
  const baseTime = body.i64();
  while (body.left > 0) {
    const ref = baseRef + body.varint();
    const t = baseTime + body.varint();
    const value = body.f64();
    const labels: string[] = [];
    for (let n = body.uvarint(); n > 0; n--) labels.push(body.string(), body.string());
    each(ref, t, value, labels);
  }
}
