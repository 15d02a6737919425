import { hash } from 'node:crypto';
import fs from 'node:fs';
import { threadId } from 'node:worker_threads';
import { BlockError } from './block-error.ts';
import {
  cellBits,
  checkedStride,
  type FileNumber,
  overlap,
  pinsOfSeat,
  type Slot,
  slack,
  WindowMemory,
  windowSize,
  windowStride,
} from './window-memory.ts';

/** Bytes of windows of a reader that shares none, and reads from front to back. */
const ownBytes = 4 * 1024 * 1024;
/** The tag of bytes that no other thread sees. */
const own = 0;

/** What a thread sees of a file through a slot of the memory, or, where no slot was free, through bytes of its own. */
interface Window {
  readonly bytes: Uint8Array;
  /** One bit for each cell of 16 bytes: what begins there has passed its checksum. */
  readonly checked: Uint8Array;
  /** Of the slot, or `own`. */
  tag: number;
  start: number;
  end: number;
}

/**
 * Files as a thread reads them: through windows of memory, of which the oldest is used again. So the memory of readers
 * does not grow with the history, what is read often costs no system call, and threads that read the same share it.
 */
export class FileWindows {
  readonly #memory: WindowMemory;
  readonly #seat: number;
  readonly #bySlot: Window[] = [];
  /** Tags of the windows that stay as they are while this thread looks at them. */
  readonly #pinned = new Int32Array(pinsOfSeat).fill(-1);
  #hand = 0;

  /** Where no seat is left in the memory the thread gets one of its own. */
  constructor(memory = ownMemory()) {
    const seat = memory.sit(threadId);
    this.#memory = seat === undefined ? ownMemory() : memory;
    this.#seat = seat ?? this.#memory.sit(threadId)!;
  }

  open(path: string): WindowedFile {
    return new WindowedFile(this, path);
  }

  /** Whether the window with this tag is among the last four that were asked for, or nobody else's. */
  stays(tag: number): boolean {
    const pinned = this.#pinned;
    if (tag === pinned[0] || tag === pinned[1] || tag === pinned[2] || tag === pinned[3]) return true;
    return tag === own;
  }

  /** The window with that number in a file; it stays as it is until four others are asked for. */
  window(file: FileNumber, place: number, load: (bytes: Uint8Array) => number): Window {
    const pin = this.#hand;
    this.#hand = (pin + 1) % pinsOfSeat;
    this.#pinned[pin] = -1;
    const memory = this.#memory;
    const found =
      memory.find(file, place, this.#seat, pin) ?? memory.fill(file, place, this.#seat, pin, load);
    if (!found) return ownWindow(place, load);
    this.#pinned[pin] = found.tag;
    return this.#show(found, place);
  }

  close(): void {
    this.#memory.leave(this.#seat);
  }

  #show({ slot, tag }: Slot, place: number): Window {
    const memory = this.#memory;
    this.#bySlot[slot] ??= {
      ...{ bytes: memory.bytesOf(slot), checked: memory.checkedOf(slot) },
      ...{ tag, start: 0, end: 0 },
    };
    const window = this.#bySlot[slot];
    window.tag = tag;
    window.start = place * windowSize;
    window.end = window.start + memory.lengthOf(slot);
    return window;
  }
}

function ownMemory(): WindowMemory {
  return WindowMemory.ofSize(ownBytes, ArrayBuffer);
}

function ownWindow(place: number, load: (bytes: Uint8Array) => number): Window {
  const bytes = new Uint8Array(windowStride);
  const start = place * windowSize;
  const end = start + load(bytes.subarray(0, windowSize + overlap));
  return { bytes, checked: new Uint8Array(checkedStride), tag: own, start, end };
}

/** One file: `seek`, then look at `bytes` from `at` on. Valid until the next `seek` in any file of the same windows. */
export class WindowedFile {
  readonly path: string;
  readonly size: number;
  readonly #windows: FileWindows;
  readonly #number: FileNumber;
  readonly #fd: number;
  #window: Window | undefined;
  #tag = own;
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;

  constructor(windows: FileWindows, path: string) {
    this.#windows = windows;
    this.path = path;
    this.#fd = fs.openSync(path, 'r');
    const stat = fs.fstatSync(this.#fd, { bigint: true });
    this.#number = numberOf(path, stat);
    this.size = Number(stat.size);
  }

  /** Puts `length` bytes of the file from `offset` on into `bytes` at `at`. @throws BlockError beyond the end. */
  seek(offset: number, length: number): void {
    const window = this.#window;
    // A slot that went to something else has another tag.
    if (
      window !== undefined &&
      offset >= window.start &&
      offset < window.start + windowSize &&
      offset + length <= window.end &&
      window.tag === this.#tag &&
      this.#windows.stays(this.#tag)
    ) {
      this.at = offset - window.start;
      this.bytes = window.bytes;
    } else this.#move(offset, length);
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

  #move(offset: number, length: number): void {
    this.#bound(offset, length);
    const place = Math.floor(offset / windowSize);
    const start = place * windowSize;
    this.#window = undefined;
    if (offset + length > start + windowSize + overlap) {
      this.bytes = new Uint8Array(length + slack);
      this.at = 0;
      this.#load(this.bytes.subarray(0, length), offset);
      return;
    }
    const window = this.#windows.window(this.#number, place, (bytes) => this.#load(bytes, start));
    if (offset + length > window.end) throw new BlockError(this.path, window.end, 'the file was cut off');
    this.#window = window;
    this.#tag = window.tag;
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

/** The same in every thread; another one where the file was replaced or written to. */
function numberOf(path: string, { dev, ino, size, mtimeNs }: fs.BigIntStats): FileNumber {
  const digest = hash('sha256', `${dev} ${ino} ${size} ${mtimeNs} ${path}`, 'buffer');
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
}
