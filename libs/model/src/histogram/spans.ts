/** A run of neighbouring buckets. `offset` counts from 0 for the first span, from the end of the one before for others. */
export interface Span {
  offset: number;
  length: number;
}

/** Bucket indexes, rising, as spans. */
export function spansOf(indexes: Int32Array): Span[] {
  const spans: Span[] = [];
  let next = 0;
  for (const index of indexes) {
    const last = spans.at(-1);
    if (last && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  return spans;
}

/** The indexes of `count` spans; undefined where they are more than `most`, which is damage and would take all memory. */
export function takeIndexes(
  count: number,
  most: number,
  next: () => Span | undefined,
): Int32Array | undefined {
  const indexes: number[] = [];
  let index = 0;
  for (let i = 0; i < count; i++) {
    const span = next();
    if (!span || !(indexes.length + span.length <= most)) return undefined;
    index += span.offset;
    for (let k = 0; k < span.length; k++) indexes.push(index++);
  }
  return Int32Array.from(indexes);
}
