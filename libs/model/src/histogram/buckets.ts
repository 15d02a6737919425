/** Counts of one side of a histogram: bucket `index[i]` holds `count[i]`. Indexes rise; missing buckets hold 0. */
export interface Buckets {
  readonly index: Int32Array;
  readonly count: Float64Array;
}

export const noBuckets: Buckets = { index: new Int32Array(0), count: new Float64Array(0) };

/** Neighbouring buckets from the index of the first. */
export function bucketsFrom(first: number, counts: Iterable<number>): Buckets {
  const count = Float64Array.from(counts);
  return count.length === 0 ? noBuckets : { index: Int32Array.from(count, (_, i) => first + i), count };
}

export function mapCounts({ index, count }: Buckets, map: (count: number) => number): Buckets {
  return { index, count: count.map(map) };
}

/** The union of both, counts joined; a missing bucket joins as 0. */
export function joinBuckets(a: Buckets, b: Buckets, join: (a: number, b: number) => number): Buckets {
  const index = new Int32Array(a.index.length + b.index.length);
  const count = new Float64Array(index.length);
  let length = 0;
  for (let i = 0, j = 0; i < a.index.length || j < b.index.length; length++) {
    const left = a.index[i] ?? Infinity;
    const right = b.index[j] ?? Infinity;
    index[length] = Math.min(left, right);
    count[length] = join(left <= right ? a.count[i++]! : 0, right <= left ? b.count[j++]! : 0);
  }
  return { index: index.subarray(0, length), count: count.subarray(0, length) };
}

/** Moves every bucket to another index, which must not fall; buckets that meet are added up. */
export function moveBuckets(buckets: Buckets, to: (index: number) => number): Buckets {
  const index = new Int32Array(buckets.index.length);
  const count = new Float64Array(index.length);
  let length = 0;
  for (let i = 0; i < buckets.index.length; i++) {
    const target = to(buckets.index[i]!);
    if (length === 0 || index[length - 1] !== target) index[length++] = target;
    count[length - 1]! += buckets.count[i]!;
  }
  return { index: index.subarray(0, length), count: count.subarray(0, length) };
}

/** The buckets that pass, by place. */
export function filterBuckets(buckets: Buckets, keep: (place: number) => boolean): Buckets {
  const places: number[] = [];
  for (let i = 0; i < buckets.index.length; i++) if (keep(i)) places.push(i);
  if (places.length === buckets.index.length) return buckets;
  return {
    index: Int32Array.from(places, (place) => buckets.index[place]!),
    count: Float64Array.from(places, (place) => buckets.count[place]!),
  };
}

export function withoutEmpty(buckets: Buckets): Buckets {
  return filterBuckets(buckets, (place) => buckets.count[place] !== 0);
}

export function sameBuckets(a: Buckets, b: Buckets, same: (a: number, b: number) => boolean): boolean {
  return (
    a.index.length === b.index.length &&
    a.index.every((index, i) => index === b.index[i]) &&
    a.count.every((count, i) => same(count, b.count[i]!))
  );
}
