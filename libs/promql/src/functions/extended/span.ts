import type { SampleBuffer } from '../../sample-buffer.ts';

/** Where an edge of a window lies: at a sample, or a share of the way from that sample to the next. */
export interface Edge {
  readonly place: number;
  /** 0 at the sample itself, below 1. */
  readonly share: number;
}

/** A window in the samples of a series, by sample place. */
export interface ExtendedSpan {
  readonly left: Edge;
  readonly right: Edge;
  /** The samples between the edges are `from` … `to` − 1. */
  readonly from: number;
  readonly to: number;
}

/**
 * A window of `range` ms up to `end` that is anchored: it begins at the last sample at or before its left edge, no
 * farther than `lookback`, else at its first sample. Undefined where no sample lies in it.
 */
export function anchoredSpan(
  { t, length }: SampleBuffer,
  end: number,
  range: number,
  lookback: number,
): ExtendedSpan | undefined {
  const start = end - range;
  const first = firstAfter(t, length, start);
  const next = firstAfter(t, length, end);
  if (first === next) return undefined;
  const anchored = first > 0 && t[first - 1]! > start - lookback;
  const left = anchored ? first - 1 : first;
  return {
    left: { place: left, share: 0 },
    right: { place: next - 1, share: 0 },
    from: left + 1,
    to: next - 1,
  };
}

/**
 * A window that is smoothed: its edges lie between the samples around them, where there are any within `lookback`.
 * Undefined where all samples are before it or all are after it.
 */
export function smoothedSpan(
  { t, length }: SampleBuffer,
  end: number,
  range: number,
  lookback: number,
): ExtendedSpan | undefined {
  const start = end - range;
  const first = firstAfter(t, length, start);
  const next = firstAfter(t, length, end);
  const before = first > 0 && t[first - 1]! > start - lookback;
  const after = next < length && t[next]! <= end + lookback;
  if (first === next && !(before && after)) return undefined;
  const left = before ? edgeAt(t, first - 1, start) : { place: first, share: 0 };
  const right = after ? edgeAt(t, next - 1, end) : { place: next - 1, share: 0 };
  return { left, right, from: left.place + 1, to: right.share > 0 ? right.place + 1 : right.place };
}

function edgeAt(t: Float64Array, place: number, time: number): Edge {
  return { place, share: (time - t[place]!) / (t[place + 1]! - t[place]!) };
}

/** The place of the first sample later than a time. */
export function firstAfter(t: Float64Array, length: number, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last sample that has a say in a window. */
export function lastSample({ right: { place, share } }: ExtendedSpan): number {
  return share > 0 ? place + 1 : place;
}
