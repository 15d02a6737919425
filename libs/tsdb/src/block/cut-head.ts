import { encodeChunks } from '../chunk/encode.ts';
import { SampleColumns } from '../chunk/sample-columns.ts';
import type { HeadSeriesSet, HeadSource } from '../head/head-source.ts';
import { BlockWriter } from './block-writer.ts';
import type { BlockMeta } from './meta.ts';
import { WaitingChunks } from './waiting-chunks.ts';

/** Bytes of chunks that wait for their turn, about. */
const mostWaiting = 64 * 1024 * 1024;
/** Series of the first pass, which tells how long chunks are. */
const firstPass = 4096;

/**
 * Writes what the head holds in mint ≤ t < maxt as a block of level 1. Undefined where it holds nothing there. Series
 * stand in a block in the order of their labels, and on the disk of the head in that of their coming: read one by one as
 * they are written, each of a million would load a window of its own. So they are read in a few passes.
 */
export function cutHead(
  dir: string,
  head: HeadSource,
  mint: number,
  maxt: number,
  ulid: string,
): BlockMeta | undefined {
  const set = head.select([]);
  const order = set.labelOrder();
  const ranks = new Uint32Array(order.length);
  for (const [rank, i] of order.entries()) ranks[i] = rank;
  const writer = new BlockWriter(dir, ulid);
  try {
    for (let from = 0, count = firstPass; from < order.length; ) {
      const to = Math.min(order.length, from + count);
      const chunks = readChunks(set, ranks, from, to, mint, maxt);
      for (let rank = from; rank < to; rank++) {
        chunks.pass(rank - from, writer.addChunk);
        writer.endSeries(set.labels(order[rank]!));
      }
      count = Math.ceil(((to - from) * mostWaiting) / Math.max(1, chunks.bytes));
      from = to;
    }
    return writer.finish({ minTime: mint, maxTime: maxt, compaction: { level: 1, sources: [ulid] } });
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** The chunks of the series that stand at [from, to) in the order of labels, read as they stand in the head. */
function readChunks(
  set: HeadSeriesSet,
  ranks: Uint32Array,
  from: number,
  to: number,
  mint: number,
  maxt: number,
): WaitingChunks {
  const chunks = new WaitingChunks(to - from);
  const columns = new SampleColumns();
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i]!;
    if (rank < from || rank >= to) continue;
    columns.clear();
    set.read(i, mint, maxt - 1, columns);
    chunks.begin(rank - from);
    encodeChunks(columns, chunks.add);
  }
  return chunks;
}
