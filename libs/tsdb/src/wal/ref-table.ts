const pageSize = 4096;
/** References above this go to a map: Prometheus and we count from 1, but a file may hold anything. */
const denseLimit = 2 ** 26;

/** Series reference of a log → slot. References are dense numbers, so this is an array in pages. */
export class RefTable {
  readonly #pages: (Int32Array | undefined)[] = [];
  readonly #sparse = new Map<number, number>();

  set(ref: number, slot: number): void {
    if (!(ref < denseLimit)) {
      this.#sparse.set(ref, slot);
      return;
    }
    const at = Math.floor(ref / pageSize);
    while (this.#pages.length <= at) this.#pages.push(undefined);
    let page = this.#pages[at];
    if (!page) {
      page = new Int32Array(pageSize).fill(-1);
      this.#pages[at] = page;
    }
    page[ref % pageSize] = slot;
  }

  /** −1 where the reference is unknown. */
  get(ref: number): number {
    if (ref >= 0 && ref < denseLimit) return this.#pages[ref >>> 12]?.[ref & (pageSize - 1)] ?? -1;
    return this.#sparse.get(ref) ?? -1;
  }
}
