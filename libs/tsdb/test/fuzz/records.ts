import { labelsFrom } from '@paddlewatch/model';
import { ByteReader } from '../../src/bytes/byte-reader.ts';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { crc32c } from '../../src/bytes/crc32c.ts';
import { snappyBound, snappyCompress, snappyExpand, snappyPlainLength } from '../../src/bytes/snappy.ts';
import { ExemplarsRecord } from '../../src/wal/exemplar-record.ts';
import { FragmentReader, FragmentWriter, pageSize, type WalCompression } from '../../src/wal/fragments.ts';
import { HistogramRecords } from '../../src/wal/histogram-record.ts';
import { beginMetadata, putMetadata } from '../../src/wal/metadata-record.ts';
import { recordType } from '../../src/wal/record-type.ts';
import {
  beginSeries,
  beginTombstones,
  putSeries,
  putTombstone,
  type RecordVisitor,
  readRecord,
} from '../../src/wal/records.ts';
import { SamplesRecord } from '../../src/wal/samples-record.ts';
import { histogramWalk, type Walk } from '../histogram-walk.ts';
import { type Random, randomFrom } from '../random.ts';
import { damaged } from './damage.ts';
import type { Decoder } from './decoders.ts';

export const recordDecoders = {
  'record-series': () => records(seriesRecord()),
  'record-samples': () => records(samplesRecord()),
  'record-tombstones': () => records(tombstonesRecord()),
  'record-histograms': () => records(histogramRecord('whole')),
  'record-float-histograms': () => records(histogramRecord('float')),
  'record-custom-histograms': () => records(histogramRecord('custom')),
  'record-exemplars': () => records(exemplarsRecord()),
  'record-metadata': () => records(metadataRecord()),
  'record-any': anyRecord,
  fragments: () => segments('none'),
  'fragments-snappy': () => segments('snappy'),
  snappy: snappyBlocks,
};

/** Hears everything and keeps nothing. */
const listener: RecordVisitor = {
  series: () => undefined,
  sample: () => undefined,
  tombstone: () => undefined,
  histogram: () => undefined,
  exemplar: () => undefined,
  metadata: () => undefined,
  other: () => undefined,
};
const body = new ByteReader(new Uint8Array(0));

function records(sound: Uint8Array): Decoder {
  return { feed: (random) => readRecord(damaged(sound, random), body, listener) };
}

/** Noise behind each type that Prometheus has, and some that nobody has. */
function anyRecord(): Decoder {
  return {
    feed(random) {
      const noise = damaged(new Uint8Array(40), random);
      readRecord(Uint8Array.of(random(16), ...noise), body, listener);
    },
  };
}

function seriesRecord(): Uint8Array {
  const out = new ByteWriter();
  beginSeries(out);
  for (let i = 1; i < 6; i++) {
    putSeries(
      out,
      i * 1000,
      labelsFrom({ __name__: 'm', i: String(i), ümlaut: 'ä→ß', long: 'x'.repeat(150) }),
    );
  }
  return out.view();
}

function samplesRecord(): Uint8Array {
  const record = new SamplesRecord();
  record.begin();
  for (let i = 0; i < 40; i++) record.put(1000 + i * i * 7, 1.7e12 + (i % 5), i, i << 20);
  return record.record.view();
}

function tombstonesRecord(): Uint8Array {
  const out = new ByteWriter();
  beginTombstones(out);
  for (let i = 1; i < 20; i++) putTombstone(out, i * 300, 1.7e12 - i, 1.7e12 + i * 1e5);
  return out.view();
}

function histogramRecord(kind: Walk['kind']): Uint8Array {
  const out = new HistogramRecords();
  const walk = histogramWalk({ kind, seed: 2 });
  out.begin();
  for (let i = 0; i < 8; i++) out.put(100 + i, 1.7e12 + i, walk.next().value);
  const [record] = out.views();
  return record!.slice();
}

function exemplarsRecord(): Uint8Array {
  const record = new ExemplarsRecord();
  record.begin();
  for (let i = 1; i < 9; i++) record.put(i * 300, 1.7e12 + i, i / 3, labelsFrom({ trace_id: `abc${i}` }));
  return record.record.view();
}

function metadataRecord(): Uint8Array {
  const out = new ByteWriter();
  beginMetadata(out);
  for (let i = 1; i < 9; i++) putMetadata(out, i * 300, { type: 'counter', unit: 's', help: 'how long' });
  return out.view();
}

/** Three pages of records, some of them longer than a page; most damage gets its checksum mended. */
function segments(compression: WalCompression): Decoder {
  const writer = new FragmentWriter(compression);
  const random = randomFrom(9);
  for (let i = 0; writer.end < pageSize + 3000; i++) {
    const length = i === 4 ? pageSize + 500 : 100 + random(900);
    const plain = new Uint8Array(length).fill(i % 11);
    for (let k = 0; k < length; k += 3) plain[k] = random(256);
    plain[0] = recordType.samples;
    writer.record(plain);
  }
  const sound = writer.out.view().slice();
  return {
    feed(random) {
      const bytes = damaged(sound, random);
      for (let n = 1 + random(4); n > 0; n--) damageFragment(bytes, random);
      const reader = new FragmentReader(bytes);
      for (let record = reader.next(); record; record = reader.next()) {
        if (record.length > 64 * bytes.length) throw new Error(`a record of ${record.length} bytes came out`);
      }
    },
  };
}

/** Changes bytes of a fragment near the beginning, and its checksum to fit. */
function damageFragment(bytes: Uint8Array, random: Random): void {
  const header = 7;
  let at = 0;
  for (let skip = random(12); skip > 0; skip--) {
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    if (at + header + length >= Math.min(bytes.length, pageSize)) break;
    at += header + length;
  }
  const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
  const end = at + header + length;
  if (!(end <= bytes.length)) return;
  if (random(5) === 0) bytes[at] = random(32);
  for (let n = random(4); n > 0 && length > 0; n--) bytes[at + header + random(length)] = random(256);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at + 3, crc32c(bytes, at + header, end));
}

function snappyBlocks(): Decoder {
  const plain = new Uint8Array(700);
  for (let i = 0; i < plain.length; i++) plain[i] = i % 97 < 60 ? i % 13 : (i * 7919) >>> 3;
  const packed = new Uint8Array(snappyBound(plain.length));
  const sound = packed.slice(0, snappyCompress(plain, 0, plain.length, packed, 0));
  let into = new Uint8Array(4096);
  return {
    feed(random) {
      const bytes = damaged(sound, random);
      const length = snappyPlainLength(bytes, 0, bytes.length);
      if (length > 64 * bytes.length) throw new Error(`${length} bytes cannot come out of ${bytes.length}`);
      if (length > into.length) into = new Uint8Array(length);
      snappyExpand(bytes, 0, bytes.length, into);
    },
  };
}
