import { parseMeta } from '../../src/block/meta.ts';
import { decodeTombstones, encodeTombstones } from '../../src/block/tombstones.ts';
import { newUlid } from '../../src/block/ulid.ts';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { crc32c } from '../../src/bytes/crc32c.ts';
import {
  decodeChunkFile,
  type MappedChunk,
  putChunk,
  putChunkFileHeader,
} from '../../src/head/chunk-file.ts';
import { addInterval, type Interval } from '../../src/read/intervals.ts';
import { soundFloats } from './chunks.ts';
import { damaged } from './damage.ts';
import type { Decoder } from './decoders.ts';

export const fileDecoders = { tombstones, meta, 'head-chunks': headChunks };

function tombstones(): Decoder {
  const stones = new Map<number, Interval[]>();
  for (let i = 1; i < 9; i++) addInterval(stones, i * 100, { mint: i * 1e9, maxt: i * 2e9 });
  const sound = encodeTombstones(stones);
  const header = 5;
  return {
    feed(random) {
      const bytes = damaged(sound, random);
      const end = bytes.length - 4;
      if (end > header && random(8) > 0) setU32(bytes, end, crc32c(bytes, header, end));
      decodeTombstones('tombstones', bytes);
    },
  };
}

function meta(): Decoder {
  const ulid = newUlid(1);
  const parents = [{ ulid, minTime: 1, maxTime: 2 }];
  const sound = Buffer.from(
    JSON.stringify({
      ulid,
      minTime: 1_700_000_000_000,
      maxTime: 1_700_007_200_000,
      stats: { numSamples: 1000, numSeries: 10, numChunks: 30, numTombstones: 2 },
      compaction: { level: 2, sources: [ulid], parents },
      version: 1,
    }),
  );
  return {
    feed: (random) => void parseMeta('meta.json', Buffer.from(damaged(sound, random)).toString()),
  };
}

/** Two or three chunks; what is damaged is told, not thrown, and the checksum of one chunk mended. */
function headChunks(): Decoder {
  const chunks = soundFloats();
  const out = new ByteWriter();
  putChunkFileHeader(out);
  const first = out.length;
  const ends = chunks.slice(0, 3).map((data, i) => {
    putChunk(out, { walRef: i + 1, mint: 1.7e12, maxt: 1.8e12, encoding: 1, late: false }, data);
    return out.length;
  });
  const sound = out.view().slice();
  const into: MappedChunk[] = [];
  return {
    feed(random) {
      const bytes = damaged(sound, random);
      const which = random(ends.length);
      const end = ends[which]! - 4;
      if (random(4) > 0 && bytes.length === sound.length) {
        setU32(bytes, end, crc32c(bytes, which === 0 ? first : ends[which - 1]!, end));
      }
      into.length = 0;
      const fault = decodeChunkFile(bytes, 1, into);
      for (const { offset, length } of into) {
        if (offset + length > bytes.length) throw new Error(`a chunk at ${offset} leaves the file`);
      }
      if (fault) throw new RangeError(`cannot read the file: ${fault.what}`);
    },
  };
}

function setU32(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value);
}
