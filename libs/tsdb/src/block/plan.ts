import type { BlockMeta } from './meta.ts';

/** Share of deleted series from which a block is written anew. */
const mostTombstones = 0.05;

/** Lengths of blocks in ms: each three times the one before, the last at most `longest`. */
export function blockRanges(shortest: number, longest: number): number[] {
  const ranges = [shortest];
  while (ranges.at(-1)! * 3 <= longest) ranges.push(ranges.at(-1)! * 3);
  return ranges;
}

/** Which blocks should become one, oldest first; empty where nothing is to be done. */
export function planCompaction(metas: readonly BlockMeta[], ranges: readonly number[]): BlockMeta[] {
  const blocks = [...metas].sort((a, b) => a.minTime - b.minTime);
  const overlapping = firstOverlapping(blocks);
  if (overlapping.length > 0) return overlapping;
  // The newest block is young: its neighbours may still come.
  const older = blocks.slice(0, -1);
  const full = fullRange(older, ranges);
  return full.length > 0 ? full : mostlyDeleted(older, ranges);
}

/** The oldest blocks of which each overlaps one before. */
function firstOverlapping(blocks: readonly BlockMeta[]): BlockMeta[] {
  let group: BlockMeta[] = [];
  let end = -Infinity;
  for (const block of blocks) {
    if (block.minTime < end) group.push(block);
    else if (group.length > 1) break;
    else group = [block];
    end = Math.max(end, block.maxTime);
  }
  return group.length > 1 ? group : [];
}

/** Blocks that fill a longer range, or lie in one that is over. */
function fullRange(blocks: readonly BlockMeta[], ranges: readonly number[]): BlockMeta[] {
  const newest = blocks.at(-1)?.minTime ?? 0;
  for (const range of ranges.slice(1)) {
    for (const part of splitByRange(blocks, range)) {
      const start = part[0]!.minTime;
      const end = part.at(-1)!.maxTime;
      const ripe = end - start === range || end <= newest;
      if (part.length > 1 && ripe && !part.some(({ compaction }) => compaction.failed)) return part;
    }
  }
  return [];
}

/** Groups of blocks that lie in the same multiple of `range`; longer ones stand aside. */
function splitByRange(blocks: readonly BlockMeta[], range: number): BlockMeta[][] {
  const inside = blocks.filter(({ minTime, maxTime }) => {
    return maxTime <= (Math.floor(minTime / range) + 1) * range;
  });
  return [...Map.groupBy(inside, ({ minTime }) => Math.floor(minTime / range)).values()];
}

/** A long block of which much is deleted. */
function mostlyDeleted(blocks: readonly BlockMeta[], ranges: readonly number[]): BlockMeta[] {
  const long = ranges[ranges.length >> 1]!;
  const found = blocks.findLast(({ minTime, maxTime, stats }) => {
    return maxTime - minTime >= long && (stats.numTombstones ?? 0) / (stats.numSeries + 1) > mostTombstones;
  });
  return found ? [found] : [];
}

export interface Retention {
  /** Milliseconds that history reaches back from the newest block's end. 0: for ever. */
  readonly time: number;
  /** Bytes of all files. 0: no limit. */
  readonly size: number;
}

/** Blocks that are too old, or beyond the size; `others` are the bytes of log and head. */
export function expiredBlocks(
  blocks: readonly { readonly meta: BlockMeta; readonly size: number }[],
  others: number,
  retention: Retention,
): string[] {
  const newestFirst = [...blocks].sort((a, b) => b.meta.maxTime - a.meta.maxTime);
  const oldest = (newestFirst[0]?.meta.maxTime ?? 0) - retention.time;
  let bytes = others;
  const expired: string[] = [];
  for (const { meta, size } of newestFirst) {
    bytes += size;
    const old = retention.time > 0 && meta.maxTime <= oldest;
    const large = retention.size > 0 && bytes > retention.size;
    if (old || large) expired.push(meta.ulid);
  }
  return expired;
}
