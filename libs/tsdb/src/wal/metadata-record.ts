import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { recordType } from './record-type.ts';

// The layout is docs/formats/wal.md, "Exemplars and metadata".

/** What is said of a series' metric. */
export interface SeriesMetadata {
  /** counter, gauge, histogram, gaugehistogram, summary, info, stateset, or unknown. */
  readonly type: string;
  readonly unit: string;
  readonly help: string;
}

/** Types by their number in the log. */
const types = ['unknown', 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset'];

export function beginMetadata(out: ByteWriter): void {
  out.u8(recordType.metadata);
}

export function putMetadata(out: ByteWriter, walRef: number, { type, unit, help }: SeriesMetadata): void {
  out.uvarint(walRef);
  out.u8(Math.max(0, types.indexOf(type)));
  out.uvarint(2);
  for (const text of ['UNIT', unit, 'HELP', help]) out.string(text);
}

export function readMetadata(body: ByteReader, each: (ref: number, metadata: SeriesMetadata) => void): void {
  while (body.left > 0) {
    const ref = body.uvarint();
    const type = types[body.u8()] ?? 'unknown';
    const fields = new Map<string, string>();
    for (let n = body.uvarint(); n > 0; n--) fields.set(body.string(), body.string());
    each(ref, { type, unit: fields.get('UNIT') ?? '', help: fields.get('HELP') ?? '' });
  }
}
