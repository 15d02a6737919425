/** Slots in the order in which they came; a plain array, because a Set of a hundred thousand leaves megabytes behind. */
export class SlotQueue {
  #slots = new Int32Array(1024);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(slot: number): void {
    if (this.#end === this.#slots.length) this.#makeRoom();
    this.#slots[this.#end++] = slot;
  }

  /** The slot that came as the i-th of those that are there. */
  at(i: number): number {
    return this.#slots[this.#start + i]!;
  }

  /** Forgets the first `count`. */
  drop(count: number): void {
    this.#start += count;
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  #makeRoom(): void {
    const { length } = this;
    const from = this.#slots.subarray(this.#start, this.#end);
    if (2 * length > this.#slots.length) this.#slots = new Int32Array(2 * this.#slots.length);
    this.#slots.set(from);
    this.#start = 0;
    this.#end = length;
  }
}
