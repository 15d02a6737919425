/** Lines of a page in their order: where each begins and ends, and what it is. */
export class Places {
  starts = new Uint32Array(64);
  ends = new Uint32Array(64);
  what = new Int32Array(64);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(start: number, end: number, what: number): void {
    if (this.length === this.starts.length) this.#grow();
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.what[this.length++] = what;
  }

  #grow(): void {
    const size = 2 * this.length;
    this.starts = doubled(this.starts, new Uint32Array(size));
    this.ends = doubled(this.ends, new Uint32Array(size));
    this.what = doubled(this.what, new Int32Array(size));
  }
}

export function doubled<T extends Uint32Array | Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
