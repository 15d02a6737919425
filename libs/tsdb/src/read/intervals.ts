import type { SampleSink } from '../chunk/sample-sink.ts';

/** Times that are deleted, both ends included, in ms. */
export interface Interval {
  readonly mint: number;
  readonly maxt: number;
}

/** Joins an interval with those of its series that it meets; they stay in order and none touches the next. */
export function addInterval(stones: Map<number, Interval[]>, series: number, added: Interval): void {
  const apart: Interval[] = [];
  let { mint, maxt } = added;
  for (const old of stones.get(series) ?? []) {
    if (old.maxt < mint - 1 || old.mint > maxt + 1) apart.push(old);
    else {
      mint = Math.min(mint, old.mint);
      maxt = Math.max(maxt, old.maxt);
    }
  }
  apart.push({ mint, maxt });
  stones.set(
    series,
    apart.sort((a, b) => a.mint - b.mint),
  );
}

/** Takes samples from `start` on that are deleted out of the row. */
export function dropDeleted(into: SampleSink, start: number, deleted: readonly Interval[]): void {
  const { t, words, histograms } = into;
  let kept = start;
  for (let i = start; i < into.length; i++) {
    if (deleted.some(({ mint, maxt }) => t[i]! >= mint && t[i]! <= maxt)) continue;
    t[kept] = t[i]!;
    words[2 * kept] = words[2 * i]!;
    words[2 * kept + 1] = words[2 * i + 1]!;
    if (histograms.length > kept) histograms[kept] = histograms[i];
    kept++;
  }
  into.length = kept;
  if (histograms.length > kept) histograms.length = kept;
}

/** Whether everything in mint … maxt is deleted. */
export function coversAll(deleted: readonly Interval[], mint: number, maxt: number): boolean {
  return deleted.some((interval) => interval.mint <= mint && interval.maxt >= maxt);
}
