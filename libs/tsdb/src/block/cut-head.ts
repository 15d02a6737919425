import { SampleColumns } from '../chunk/sample-columns.ts';
import type { HeadSource } from '../head/head-source.ts';
import { BlockWriter } from './block-writer.ts';
import { seriesOrder } from './byte-order.ts';
import type { BlockMeta } from './meta.ts';

/** Writes what the head holds in mint ≤ t < maxt as a block of level 1. Undefined where it holds nothing there. */
export function cutHead(
  dir: string,
  head: HeadSource,
  mint: number,
  maxt: number,
  ulid: string,
): BlockMeta | undefined {
  const set = head.select([]);
  const labels = Array.from({ length: set.length }, (_, i) => set.labels(i));
  const order = Uint32Array.from(labels.keys()).sort((a, b) => seriesOrder(labels[a]!, labels[b]!));
  const writer = new BlockWriter(dir, ulid);
  const columns = new SampleColumns();
  try {
    for (const i of order) {
      columns.clear();
      set.read(i, mint, maxt - 1, columns);
      writer.addSamples(columns);
      writer.endSeries(labels[i]!);
    }
    return writer.finish({ minTime: mint, maxTime: maxt, compaction: { level: 1, sources: [ulid] } });
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
