import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { crc32c } from '../bytes/crc32c.ts';
import {
  snappyBound,
  snappyCompress,
  snappyExpand,
  snappyFirstByte,
  snappyPlainLength,
} from '../bytes/snappy.ts';

// The layout is docs/formats/wal.md, "Pages and fragments".

export const pageSize = 32 * 1024;
const headerSize = 7;
const full = 1;
const first = 2;
const middle = 3;
const last = 4;
const snappyBit = 8;
const zstdBit = 16;
/** The largest record that a reader accepts: a damaged length must not take all memory. */
const largestRecord = 512 * 1024 * 1024;

export type WalCompression = 'snappy' | 'zstd' | 'none';

const zstdFast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Cuts records into fragments, page by page, gathering them until the caller writes them out. */
export class FragmentWriter {
  readonly out = new ByteWriter(pageSize);
  /** Place in the segment of the first byte of `out`. */
  start = 0;
  #compression: WalCompression;
  #packed = new Uint8Array(0);

  constructor(compression: WalCompression) {
    this.#compression = compression;
  }

  get end(): number {
    return this.start + this.out.length;
  }

  /** Forgets what was gathered; the next fragment stands at `place` of its segment. */
  restart(place: number): void {
    this.out.clear();
    this.start = place;
  }

  record(plain: Uint8Array): void {
    if (this.#compression === 'zstd') this.#cut(zstdCompressSync(plain, zstdFast), zstdBit);
    else if (this.#compression === 'snappy') {
      const bound = snappyBound(plain.length);
      if (this.#packed.length < bound) this.#packed = new Uint8Array(2 * bound);
      const length = snappyCompress(plain, 0, plain.length, this.#packed, 0);
      if (length < plain.length) this.#cut(this.#packed.subarray(0, length), snappyBit);
      else this.#cut(plain, 0);
    } else this.#cut(plain, 0);
  }

  /** Zeros to the end of the page, where one is begun. */
  padPage(): void {
    const rest = (pageSize - (this.end % pageSize)) % pageSize;
    this.out.reserve(rest);
    this.out.bytes.fill(0, this.out.length, this.out.length + rest);
    this.out.length += rest;
  }

  #cut(data: Uint8Array, compressionBit: number): void {
    let from = 0;
    do {
      if (pageSize - (this.end % pageSize) <= headerSize) this.padPage();
      const room = pageSize - (this.end % pageSize) - headerSize;
      const to = Math.min(data.length, from + room);
      const kind = from === 0 ? (to === data.length ? full : first) : to === data.length ? last : middle;
      this.out.u8(kind | compressionBit);
      this.out.u16(to - from);
      this.out.u32(crc32c(data, from, to));
      this.out.raw(data.subarray(from, to));
      from = to;
    } while (from < data.length);
  }
}

/** Where a segment stops making sense, and why. */
export class FragmentFault extends Error {
  /** Length of the segment up to which it is sound. */
  readonly offset: number;

  constructor(offset: number, what: string) {
    super(what);
    this.name = 'FragmentFault';
    this.offset = offset;
  }
}

/** In place of a record that was passed over. */
export const passedOver = new Uint8Array(0);

/** Joins the fragments of one segment to records again. */
export class FragmentReader {
  readonly #segment: Uint8Array;
  #at = 0;
  #joined = new ByteWriter(pageSize);
  #plain = new Uint8Array(pageSize);

  readonly #passes: (type: number) => boolean;

  /** @param passes tells by its type whether a record is passed over; `passedOver` comes for it, its checksum is tried all the same */
  constructor(segment: Uint8Array, passes: (type: number) => boolean = () => false) {
    this.#segment = segment;
    this.#passes = passes;
  }

  /** The records up to this place have been given out. */
  sound = 0;
  /** The same without the newest record. */
  soundBefore = 0;

  /** The next record, valid until the call after; undefined at the end. @throws FragmentFault at damage. */
  next(): Uint8Array | undefined {
    const segment = this.#segment;
    this.#joined.clear();
    let parts = 0;
    for (;;) {
      this.#skipPadding();
      if (this.#at >= segment.length) {
        if (parts > 0) throw this.#fault('the segment ends in the middle of a record');
        return undefined;
      }
      const at = this.#at;
      const pageLeft = pageSize - (at % pageSize);
      if (segment.length - at < headerSize) throw this.#fault('a fragment header is cut off');
      const kind = segment[at]! & 7;
      const length = (segment[at + 1]! << 8) | segment[at + 2]!;
      if (segment[at]! > 31 || kind > last) throw this.#fault(`unknown fragment kind ${segment[at]}`);
      if (length > pageLeft - headerSize) throw this.#fault(`a fragment of ${length} bytes leaves its page`);
      if (at + headerSize + length > segment.length) throw this.#fault('a fragment is cut off');
      const expected =
        ((segment[at + 3]! << 24) | (segment[at + 4]! << 16) | (segment[at + 5]! << 8) | segment[at + 6]!) >>>
        0;
      const from = at + headerSize;
      if (crc32c(segment, from, from + length) !== expected) throw this.#fault('checksum does not fit');
      if ((kind === full || kind === first) !== (parts === 0)) {
        throw this.#fault(parts === 0 ? 'a record lacks its beginning' : 'a record lacks its end');
      }
      this.#at = from + length;
      if (kind === full) return this.#expand(segment, from, this.#at, segment[at]!);
      parts++;
      if (this.#joined.length + length > largestRecord) throw this.#fault('a record is too large');
      this.#joined.raw(segment.subarray(from, this.#at));
      if (kind === last) return this.#expand(this.#joined.bytes, 0, this.#joined.length, segment[at]!);
    }
  }

  /** A zero kind, or too little room for a fragment: the rest of the page must be zero. */
  #skipPadding(): void {
    const segment = this.#segment;
    while (this.#at < segment.length) {
      const pageEnd = this.#at - (this.#at % pageSize) + pageSize;
      if (segment[this.#at] !== 0 && pageEnd - this.#at >= headerSize) return;
      const end = Math.min(pageEnd, segment.length);
      for (let i = this.#at; i < end; i++) {
        if (segment[i] !== 0) throw this.#fault('padding is not zero');
      }
      this.#at = end;
    }
  }

  #expand(bytes: Uint8Array, from: number, to: number, head: number): Uint8Array {
    const passed = head & snappyBit && this.#passes(snappyFirstByte(bytes, from, to));
    const record = passed ? passedOver : this.#plainOf(bytes, from, to, head);
    this.soundBefore = this.sound;
    this.sound = this.#at;
    return record;
  }

  #plainOf(bytes: Uint8Array, from: number, to: number, head: number): Uint8Array {
    if ((head & (snappyBit | zstdBit)) === 0) return bytes.subarray(from, to);
    try {
      if (head & zstdBit) {
        return zstdDecompressSync(bytes.subarray(from, to), { maxOutputLength: largestRecord });
      }
      const length = snappyPlainLength(bytes, from, to);
      if (length > largestRecord) throw new RangeError(`${length} bytes are too many for a record`);
      if (length > this.#plain.length) this.#plain = new Uint8Array(2 * length);
      snappyExpand(bytes, from, to, this.#plain);
      return this.#plain.subarray(0, Math.max(0, length));
    } catch (error) {
      throw this.#fault((error as Error).message);
    }
  }

  #fault(what: string): FragmentFault {
    return new FragmentFault(this.sound, `at offset ${this.#at}: ${what}`);
  }
}
