/**
 * Finds a child by its label values without building a string: each value is interned to a small number, and the
 * numbers of a child are found by open addressing.
 */
export class LabelIndex {
  readonly #width: number;
  readonly #ids: readonly Map<string, number>[];
  /** The values themselves by number. */
  readonly #names: readonly string[][];
  /** Interned values of child i, from i × width. */
  #rows: Uint32Array;
  /** Child number + 1 by hash, 0 where free; a power of two long and at most half full. */
  #slots: Uint32Array;
  #size = 0;
  /** The values last looked up, interned: `add` after a miss takes them from here. */
  readonly #sought: Uint32Array;

  constructor(width: number) {
    this.#width = width;
    this.#ids = Array.from({ length: width }, () => new Map());
    this.#names = Array.from({ length: width }, () => []);
    this.#rows = new Uint32Array(8 * width);
    this.#slots = new Uint32Array(16);
    this.#sought = new Uint32Array(width);
  }

  /** Number of the child with these values, in the order of the label names, or -1. */
  find(values: readonly string[]): number {
    for (let i = 0; i < this.#width; i++) {
      const id = this.#ids[i]!.get(values[i]!);
      if (id === undefined) return -1;
      this.#sought[i] = id;
    }
    return this.#slots[this.#slotOf(this.#sought, 0)]! - 1;
  }

  /** Enters the values as the next child; they must not be there yet. */
  add(values: readonly string[]): void {
    this.#grow();
    const start = this.#size * this.#width;
    for (let i = 0; i < this.#width; i++) this.#rows[start + i] = this.#intern(i, values[i]!);
    this.#slots[this.#slotOf(this.#rows, start)] = ++this.#size;
  }

  /** The label values of a child. */
  valuesOf(child: number): string[] {
    return this.#names.map((names, i) => names[this.#rows[child * this.#width + i]!]!);
  }

  /** The slot that holds the row at `rows[start]`, or the free one where it would stand. */
  #slotOf(rows: Uint32Array, start: number): number {
    const mask = this.#slots.length - 1;
    let hash = 0;
    for (let i = 0; i < this.#width; i++) hash = Math.imul(hash ^ rows[start + i]!, 0x9e3779b1);
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]!;
      if (found === 0 || this.#sameRow((found - 1) * this.#width, rows, start)) return slot;
    }
  }

  #sameRow(at: number, rows: Uint32Array, start: number): boolean {
    for (let i = 0; i < this.#width; i++) if (this.#rows[at + i] !== rows[start + i]) return false;
    return true;
  }

  #grow(): void {
    if ((this.#size + 1) * this.#width > this.#rows.length) {
      const rows = new Uint32Array(2 * this.#rows.length);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    if (2 * (this.#size + 1) <= this.#slots.length) return;
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let child = 0; child < this.#size; child++) {
      this.#slots[this.#slotOf(this.#rows, child * this.#width)] = child + 1;
    }
  }
  #intern(label: number, value: string): number {
    const ids = this.#ids[label]!;
    const known = ids.get(value);
    if (known !== undefined) return known;
    ids.set(value, ids.size);
    this.#names[label]!.push(value);
    return ids.size - 1;
  }
}
