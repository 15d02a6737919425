import type { Matcher } from '@paddlewatch/model';
import { addInterval, type Interval } from '../read/intervals.ts';
import { selectPostings } from '../read/select-postings.ts';
import type { Block } from './block.ts';
import { writeMeta } from './meta.ts';
import { writeTombstones } from './tombstones.ts';

/** Notes in a block that the samples of these series with mint ≤ t ≤ maxt are deleted. Durable when it returns. */
export function deleteFromBlock(
  block: Block,
  matchers: readonly Matcher[],
  mint: number,
  maxt: number,
): void {
  const stones = new Map<number, readonly Interval[]>(block.tombstones) as Map<number, Interval[]>;
  for (const series of selectPostings(block.index, matchers)) {
    const span = timesOf(block, series);
    const from = Math.max(mint, span.mint);
    const to = Math.min(maxt, span.maxt);
    if (from <= to) addInterval(stones, series, { mint: from, maxt: to });
  }
  let count = 0;
  for (const intervals of stones.values()) count += intervals.length;
  writeTombstones(block.dir, stones);
  writeMeta(block.dir, { ...block.meta, stats: { ...block.meta.stats, numTombstones: count } });
  block.reload();
}

function timesOf({ index }: Block, series: number): Interval {
  let mint = Number.POSITIVE_INFINITY;
  let maxt = Number.NEGATIVE_INFINITY;
  index.eachChunk(series, (from, to) => {
    mint = Math.min(mint, from);
    maxt = to;
  });
  return { mint, maxt };
}
