/** Rising numbers of series, growing at the end. */
export class PostingsList {
  #ids = new Uint32Array(4);
  #length = 0;

  push(id: number): void {
    if (this.#length === this.#ids.length) {
      const grown = new Uint32Array(2 * this.#length);
      grown.set(this.#ids);
      this.#ids = grown;
    }
    this.#ids[this.#length++] = id;
  }

  view(): Uint32Array {
    return this.#ids.subarray(0, this.#length);
  }
}

/** What is in both. Where one list is far shorter, its members are looked up in the other. */
export function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  if (a.length > b.length) return intersect(b, a);
  const out = new Uint32Array(a.length);
  let n = 0;
  if (a.length * 16 < b.length) {
    let from = 0;
    for (const id of a) {
      from = lowerBound(b, id, from);
      if (b[from] === id) out[n++] = id;
    }
    return out.subarray(0, n);
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i]!;
    const y = b[j]!;
    if (x === y) out[n++] = x;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return out.subarray(0, n);
}

/** What is in `a` and not in `b`. */
export function subtract(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(a.length);
  let n = 0;
  for (let i = 0, j = 0; i < a.length; i++) {
    const x = a[i]!;
    while (j < b.length && b[j]! < x) j++;
    if (b[j] !== x) out[n++] = x;
  }
  return out.subarray(0, n);
}

/** What is in any of the lists, whose members are below `bound`. */
export function union(lists: readonly Uint32Array[], bound: number): Uint32Array {
  if (lists.length === 0) return new Uint32Array(0);
  if (lists.length === 1) return lists[0]!;
  let total = 0;
  for (const list of lists) total += list.length;
  return total * 32 > bound ? unionByBits(lists, bound, total) : unionBySort(lists, total);
}

function unionByBits(lists: readonly Uint32Array[], bound: number, total: number): Uint32Array {
  const bits = new Uint32Array((bound + 31) >>> 5);
  for (const list of lists) for (const id of list) bits[id >>> 5]! |= 1 << (id & 31);
  const out = new Uint32Array(total);
  let n = 0;
  for (let i = 0; i < bits.length; i++) {
    for (let word = bits[i]!; word !== 0; word &= word - 1) {
      out[n++] = (i << 5) | (31 - Math.clz32(word & -word));
    }
  }
  return out.subarray(0, n);
}

function unionBySort(lists: readonly Uint32Array[], total: number): Uint32Array {
  const all = new Uint32Array(total);
  let n = 0;
  for (const list of lists) {
    all.set(list, n);
    n += list.length;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < n; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i]!;
  return all.subarray(0, kept);
}

/** 0 … count − 1. */
export function everything(count: number): Uint32Array {
  const all = new Uint32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}

function lowerBound(list: Uint32Array, id: number, from: number): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
