/** The numbers of a family: one row of equal width a child, all rows in one array that grows by doubling. */
export class Cells {
  /** Replaced when it grows: children read it anew on each write. */
  values: Float64Array;
  readonly width: number;
  #rows = 0;

  constructor(width: number) {
    this.width = width;
    this.values = new Float64Array(width);
  }

  /** Index of the first cell of a new row of zeros. */
  addRow(): number {
    const at = this.#rows++ * this.width;
    if (at + this.width > this.values.length) {
      const grown = new Float64Array(2 * this.values.length);
      grown.set(this.values);
      this.values = grown;
    }
    return at;
  }

  /** Moves the rows after `at` down by one; the caller tells their children. */
  removeRow(at: number): void {
    this.values.copyWithin(at, at + this.width, this.#rows * this.width);
    this.#rows--;
    this.values.fill(0, this.#rows * this.width, (this.#rows + 1) * this.width);
  }
}
