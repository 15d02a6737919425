/** Bytes of a file that one window shows. */
export const windowSize = 64 * 1024;
/** A window goes on so far into the next one, so that what begins in it mostly ends in it. */
export const overlap = 4 * 1024;
/** Decoders look a few bytes beyond what they decode. */
export const slack = 8;
export const windowStride = windowSize + overlap + slack;
/** Everything in an index or a segment stands at least so far from its neighbour: 16 bytes. */
export const cellBits = 4;
export const checkedStride = windowSize >>> (cellBits + 3);

/** A window of a file may lie in any of so many slots, so that none is ever waited for. */
const ways = 8;
/** Threads that read at the same time. Those beyond have windows of their own. */
const seats = 32;
/** Windows that a thread may look at in turns. */
export const pinsOfSeat = 4;

/** What a slot is told by: its tag, the file's number in two words, the window's number in the file, its length. */
const slotWords = 5;
const [tagWord, fileWord, placeWord, lengthWord] = [0, 1, 3, 4];
/** A slot that holds nothing. Below zero a thread is filling it. */
const empty = 0;
/** A seat that nobody has; otherwise it holds the number of a thread, plus one. */
const free = 0;

/** Structured-cloneable; other threads see the same where it is shared memory. */
export interface WindowMemoryHandle {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly checked: Uint8Array;
}

/** The number of a file: the same in every thread. */
export type FileNumber = readonly [high: number, low: number];

type MemoryKind = ArrayBufferConstructor | SharedArrayBufferConstructor;

export interface Slot {
  readonly slot: number;
  /** Another one each time that a slot is filled. */
  readonly tag: number;
}

/**
 * Windows of files in memory that threads share: what one has read, the others find. A thread that looks into a slot
 * says so first, in a pin, and then looks whether the slot still holds what it wants; who empties a slot marks it
 * first, and then looks for pins. So one of the two gives way, and nobody waits.
 */
export class WindowMemory {
  readonly handle: WindowMemoryHandle;
  readonly #words: Int32Array;
  readonly #sets: number;
  /** Where in the words things begin: threads in the seats, their pins, the next slot of each set to be emptied. */
  readonly #pins = 1 + seats;
  readonly #hands = 1 + seats + seats * pinsOfSeat;
  readonly #slots: number;

  constructor(handle: WindowMemoryHandle) {
    this.handle = handle;
    this.#words = handle.words;
    this.#sets = Math.floor(handle.bytes.length / windowStride / ways);
    this.#slots = this.#hands + this.#sets;
  }

  /**
   * Memory for windows of `mostBytes` together; the system gives it when it is used. The garbage collector makes haste
   * for large buffers of one thread alone, not for shared ones.
   */
  static ofSize(mostBytes: number, Memory: MemoryKind = SharedArrayBuffer): WindowMemory {
    const sets = Math.max(1, Math.floor(mostBytes / windowSize / ways));
    const slots = sets * ways;
    const words = 1 + seats + seats * pinsOfSeat + sets + slots * slotWords;
    return new WindowMemory({
      words: new Int32Array(new Memory(words * 4)),
      bytes: new Uint8Array(new Memory(slots * windowStride)),
      checked: new Uint8Array(new Memory(slots * checkedStride)),
    });
  }

  /** A seat for a thread, by its `threadId`; undefined where all are taken. */
  sit(thread: number): number | undefined {
    for (let seat = 0; seat < seats; seat++) {
      if (Atomics.compareExchange(this.#words, 1 + seat, free, thread + 1) === free) return seat;
    }
    return undefined;
  }

  /** Frees the seat, its pins, and slots that its thread was filling when it ended. */
  leave(seat: number): void {
    for (let slot = 0; slot < this.#sets * ways; slot++) {
      Atomics.compareExchange(this.#words, this.#at(slot, tagWord), fillingBy(seat), empty);
    }
    for (let pin = 0; pin < pinsOfSeat; pin++) this.unpin(seat, pin);
    Atomics.store(this.#words, 1 + seat, free);
  }

  /** For threads that ended without saying so. */
  leaveAll(thread: number): void {
    for (let seat = 0; seat < seats; seat++) {
      if (Atomics.load(this.#words, 1 + seat) === thread + 1) this.leave(seat);
    }
  }

  bytesOf(slot: number): Uint8Array {
    return this.handle.bytes.subarray(slot * windowStride, (slot + 1) * windowStride);
  }

  checkedOf(slot: number): Uint8Array {
    return this.handle.checked.subarray(slot * checkedStride, (slot + 1) * checkedStride);
  }

  lengthOf(slot: number): number {
    return this.#words[this.#at(slot, lengthWord)]!;
  }

  /** The slot of a window, pinned; undefined where none holds it. */
  find([high, low]: FileNumber, place: number, seat: number, pin: number): Slot | undefined {
    const words = this.#words;
    const first = this.#setOf(low, place) * ways;
    for (let slot = first; slot < first + ways; slot++) {
      const at = this.#at(slot, tagWord);
      const tag = Atomics.load(words, at);
      if (tag <= empty || words[at + placeWord] !== place) continue;
      if (words[at + fileWord] !== high || words[at + fileWord + 1] !== low) continue;
      Atomics.store(words, this.#pinAt(seat, pin), slot + 1);
      if (Atomics.load(words, at) === tag) return { slot, tag };
      this.unpin(seat, pin);
    }
    return undefined;
  }

  /** A slot for a window, pinned and filled by `load`, which says how long it is; undefined where all are in use. */
  fill(
    [high, low]: FileNumber,
    place: number,
    seat: number,
    pin: number,
    load: (bytes: Uint8Array) => number,
  ): Slot | undefined {
    const words = this.#words;
    const slot = this.#empty(this.#setOf(low, place), seat);
    if (slot === undefined) return undefined;
    const at = this.#at(slot, tagWord);
    let tag = empty;
    try {
      const bytes = this.bytesOf(slot);
      const length = load(bytes.subarray(0, windowSize + overlap));
      bytes.fill(0, length);
      this.checkedOf(slot).fill(0);
      words[at + fileWord] = high;
      words[at + fileWord + 1] = low;
      words[at + placeWord] = place;
      words[at + lengthWord] = length;
      Atomics.store(words, this.#pinAt(seat, pin), slot + 1);
      tag = this.#nextTag();
    } finally {
      Atomics.store(words, at, tag);
    }
    return { slot, tag };
  }

  unpin(seat: number, pin: number): void {
    Atomics.store(this.#words, this.#pinAt(seat, pin), 0);
  }

  /** Marks a slot of the set, oldest first, as being filled. */
  #empty(set: number, seat: number): number | undefined {
    const words = this.#words;
    for (let tries = 0; tries < ways; tries++) {
      const slot = set * ways + ((Atomics.add(words, this.#hands + set, 1) >>> 0) % ways);
      const at = this.#at(slot, tagWord);
      const tag = Atomics.load(words, at);
      if (tag < empty || Atomics.compareExchange(words, at, tag, fillingBy(seat)) !== tag) continue;
      if (!this.#isPinned(slot)) return slot;
      Atomics.store(words, at, tag);
    }
    return undefined;
  }

  #isPinned(slot: number): boolean {
    for (let at = this.#pins; at < this.#hands; at++) {
      if (Atomics.load(this.#words, at) === slot + 1) return true;
    }
    return false;
  }

  #nextTag(): number {
    // After a billion windows tags begin anew; nobody remembers one for so long.
    return (Atomics.add(this.#words, 0, 1) & (2 ** 30 - 1)) + 1;
  }

  #setOf(low: number, place: number): number {
    return ((low + place) >>> 0) % this.#sets;
  }

  #pinAt(seat: number, pin: number): number {
    return this.#pins + seat * pinsOfSeat + pin;
  }

  #at(slot: number, word: number): number {
    return this.#slots + slot * slotWords + word;
  }
}

function fillingBy(seat: number): number {
  return -(seat + 1);
}
