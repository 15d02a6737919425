import { crc32c } from '../bytes/crc32c.ts';
import { BlockError } from './block-error.ts';
import type { WindowedFile } from './file-windows.ts';

/** Series begin at multiples of this; a reference is the offset divided by it. */
export const seriesAlignment = 16;
const longestLength = 5;

/**
 * Reads series of an index one after the other, without an object for each: `open`, then labels in order by
 * `nextLabel`, then chunks in order of time by `nextChunk`. Valid while nobody moves the file's windows.
 */
export class SeriesEntry {
  readonly #file: WindowedFile;
  #bytes: Uint8Array;
  #at = 0;
  #end = 0;
  #labelsLeft = 0;
  #chunksLeft = 0;
  #firstChunk = false;
  /** Symbols of the label that `nextLabel` read. */
  name = 0;
  value = 0;
  /** The chunk that `nextChunk` read: its times in ms and its reference, segment × 2³² + offset. */
  mint = 0;
  maxt = 0;
  chunk = 0;

  constructor(file: WindowedFile) {
    this.#file = file;
    this.#bytes = file.bytes;
  }

  /** @throws BlockError where the entry does not pass its checksum. */
  open(series: number): void {
    const file = this.#file;
    const offset = series * seriesAlignment;
    file.seek(offset, longestLength);
    this.#bytes = file.bytes;
    this.#at = file.at;
    this.#end = file.at + longestLength;
    const length = this.#uvarint();
    const head = this.#at - file.at;
    file.seek(offset, head + length + 4);
    this.#bytes = file.bytes;
    this.#at = file.at + head;
    this.#end = this.#at + length;
    if (!file.checked) this.#check(offset);
    this.#labelsLeft = this.#uvarint();
    this.#chunksLeft = -1;
  }

  nextLabel(): boolean {
    if (this.#labelsLeft === 0) return false;
    this.#labelsLeft--;
    this.name = this.#uvarint();
    this.value = this.#uvarint();
    return true;
  }

  skipLabels(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let left = 2 * this.#labelsLeft; left > 0 && at < this.#end; ) if (bytes[at++]! < 128) left--;
    this.#at = at;
    this.#labelsLeft = 0;
  }

  /** The labels must have been read or skipped. */
  nextChunk(): boolean {
    if (this.#chunksLeft < 0) {
      this.#chunksLeft = this.#uvarint();
      this.#firstChunk = true;
    }
    if (this.#chunksLeft === 0) return false;
    this.#chunksLeft--;
    if (this.#firstChunk) {
      this.#firstChunk = false;
      this.mint = this.#varint();
      this.maxt = this.mint + this.#uvarint();
      this.chunk = this.#uvarint();
    } else {
      this.mint = this.maxt + this.#uvarint();
      this.maxt = this.mint + this.#uvarint();
      this.chunk += this.#varint();
    }
    return true;
  }

  #check(offset: number): void {
    const end = this.#end;
    const bytes = this.#bytes;
    const sum =
      ((bytes[end]! << 24) | (bytes[end + 1]! << 16) | (bytes[end + 2]! << 8) | bytes[end + 3]!) >>> 0;
    if (crc32c(bytes, this.#at, end) !== sum) {
      throw new BlockError(this.#file.path, offset, 'the checksum of a series differs');
    }
    this.#file.noteChecked();
  }

  #uvarint(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++]!;
    let value = byte & 127;
    if (byte > 127) {
      byte = bytes[at++]!;
      value |= (byte & 127) << 7;
      for (let scale = 16384; byte > 127; scale *= 128) {
        if (at > this.#end) break;
        byte = bytes[at++]!;
        value += (byte & 127) * scale;
      }
    }
    this.#at = at;
    if (at > this.#end) throw new BlockError(this.#file.path, this.#file.at, 'a series ends too early');
    return value;
  }

  #varint(): number {
    const zigzag = this.#uvarint();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
}
