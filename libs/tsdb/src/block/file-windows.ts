import fs from 'node:fs';
import { BlockError } from './block-error.ts';

const windowSize = 64 * 1024;
/** A window goes on so far into the next one, so that what begins in it mostly ends in it. */
const overlap = 4 * 1024;
/** Decoders look a few bytes beyond what they decode. */
const slack = 8;
/** Windows in a file: enough for 128 GiB. */
const keySpace = 2 ** 21;

/** Everything in an index or a segment stands at least so far from its neighbour. */
const cellBits = 4;

interface Window {
  readonly bytes: Uint8Array;
  /** One bit for each cell of 16 bytes: what begins there has passed its checksum. */
  readonly checked: Uint8Array;
  key: number;
  start: number;
  end: number;
}

/**
 * Files as a thread reads them: through windows of memory, of which the oldest is used again. So the memory of readers
 * does not grow with the history, and what is read often costs no system call.
 */
export class FileWindows {
  readonly #most: number;
  readonly #byKey = new Map<number, Window>();
  readonly #ring: Window[] = [];
  #hand = 0;
  #files = 0;

  /** `mostBytes` of memory at most. */
  constructor(mostBytes = 32 * 1024 * 1024) {
    this.#most = Math.max(1, Math.floor(mostBytes / windowSize));
  }

  open(path: string): WindowedFile {
    return new WindowedFile(this, path, this.#files++ * keySpace);
  }

  /** The window of a key, loaded by `load` where it is not there. */
  window(key: number, load: (bytes: Uint8Array) => number, start: number): Window {
    const known = this.#byKey.get(key);
    if (known) return known;
    const window = this.#take();
    const length = load(window.bytes.subarray(0, windowSize + overlap));
    window.bytes.fill(0, length);
    window.checked.fill(0);
    window.key = key;
    window.start = start;
    window.end = start + length;
    this.#byKey.set(key, window);
    return window;
  }

  /** A window that nobody needs: a new one, or the one that was loaded first. */
  #take(): Window {
    if (this.#ring.length < this.#most) {
      const window = {
        bytes: new Uint8Array(windowSize + overlap + slack),
        checked: new Uint8Array(windowSize >>> (cellBits + 3)),
        key: -1,
        start: 0,
        end: 0,
      };
      this.#ring.push(window);
      return window;
    }
    const window = this.#ring[this.#hand]!;
    this.#hand = (this.#hand + 1) % this.#ring.length;
    this.#byKey.delete(window.key);
    window.key = -1;
    return window;
  }
}

/** One file: `seek`, then look at `bytes` from `at` on. Valid until the next `seek` in any file of the same windows. */
export class WindowedFile {
  readonly path: string;
  readonly size: number;
  readonly #windows: FileWindows;
  readonly #firstKey: number;
  readonly #fd: number;
  #window: Window | undefined;
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;

  constructor(windows: FileWindows, path: string, firstKey: number) {
    this.#windows = windows;
    this.path = path;
    this.#firstKey = firstKey;
    this.#fd = fs.openSync(path, 'r');
    this.size = fs.fstatSync(this.#fd).size;
  }

  /** Puts `length` bytes of the file from `offset` on into `bytes` at `at`. @throws BlockError beyond the end. */
  seek(offset: number, length: number): void {
    const window = this.#window;
    // A window that went to somebody else has another key.
    const key = this.#firstKey + Math.floor(offset / windowSize);
    if (window?.key === key && offset + length <= window.end) {
      this.at = offset - window.start;
      this.bytes = window.bytes;
    } else this.#move(key, offset, length);
  }

  /** Whether what begins at the place of the last `seek` has passed its checksum already. */
  get checked(): boolean {
    const window = this.#window;
    if (!window) return false;
    const cell = this.at >>> cellBits;
    return (window.checked[cell >>> 3]! & (1 << (cell & 7))) !== 0;
  }

  noteChecked(): void {
    const cell = this.at >>> cellBits;
    if (this.#window) this.#window.checked[cell >>> 3]! |= 1 << (cell & 7);
  }

  /** A copy, for what stays in memory. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    this.#bound(offset, length);
    const bytes = new Uint8Array(length);
    this.#load(bytes, offset);
    return bytes;
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  #move(key: number, offset: number, length: number): void {
    this.#bound(offset, length);
    const start = Math.floor(offset / windowSize) * windowSize;
    if (offset + length > start + windowSize + overlap) {
      this.#window = undefined;
      this.bytes = new Uint8Array(length + slack);
      this.at = 0;
      this.#load(this.bytes.subarray(0, length), offset);
      return;
    }
    const window = this.#windows.window(key, (bytes) => this.#load(bytes, start), start);
    if (offset + length > window.end) throw new BlockError(this.path, window.end, 'the file was cut off');
    this.#window = window;
    this.bytes = window.bytes;
    this.at = offset - start;
  }

  #bound(offset: number, length: number): void {
    if (!(offset >= 0 && offset + length <= this.size)) {
      throw new BlockError(this.path, offset, `${length} bytes are needed and the file has ${this.size}`);
    }
  }

  /** Bytes read: fewer than asked at the end of the file only. */
  #load(bytes: Uint8Array, offset: number): number {
    let done = 0;
    while (done < bytes.length) {
      const got = fs.readSync(this.#fd, bytes, done, bytes.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }
}
