import type { Labels } from '@paddlewatch/model';
import { seriesOrder } from '../bytes/byte-order.ts';
import { decodeChunk } from '../chunk/decode.ts';
import { SampleColumns } from '../chunk/sample-columns.ts';
import { dropDeleted, type Interval } from '../read/intervals.ts';
import { mergeRuns } from '../read/merge.ts';
import type { Block } from './block.ts';
import { type BlockFacts, BlockWriter } from './block-writer.ts';
import type { BlockMeta } from './meta.ts';

/** One chunk on its way into a new block. */
interface ChunkInput {
  readonly block: Block;
  readonly reference: number;
  readonly mint: number;
  readonly maxt: number;
  readonly deleted: readonly Interval[];
}

/** Where a compaction stands in one of its blocks. */
interface Cursor {
  readonly block: Block;
  readonly series: Uint32Array;
  at: number;
  labels: Labels | undefined;
}

const columns = new SampleColumns();

/**
 * Writes the samples of some blocks, oldest first, as one new block in `dir`, without those that are deleted. Where two
 * blocks hold a sample of the same series and time, the older block's is kept. Undefined where nothing is left.
 */
export function compact(dir: string, blocks: readonly Block[], ulid: string): BlockMeta | undefined {
  const writer = new BlockWriter(dir, ulid);
  try {
    mergeSeries(blocks, (labels, inputs) => {
      addChunks(writer, inputs);
      writer.endSeries(labels);
    });
    return writer.finish(compactedFacts(blocks.map(({ meta }) => meta)));
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

function compactedFacts(metas: readonly BlockMeta[]): BlockFacts {
  const sources = new Set(metas.flatMap(({ compaction }) => compaction.sources));
  return {
    minTime: Math.min(...metas.map(({ minTime }) => minTime)),
    maxTime: Math.max(...metas.map(({ maxTime }) => maxTime)),
    compaction: {
      level: Math.max(...metas.map(({ compaction }) => compaction.level)) + 1,
      sources: [...sources].sort(),
      parents: metas.map(({ ulid, minTime, maxTime }) => ({ ulid, minTime, maxTime })),
    },
  };
}

/** Every label set of the blocks once, in order, with its chunks by time. */
function mergeSeries(
  blocks: readonly Block[],
  visit: (labels: Labels, inputs: readonly ChunkInput[]) => void,
): void {
  const cursors = blocks.map(
    (block): Cursor => ({ block, series: block.index.everything(), at: -1, labels: undefined }),
  );
  for (const cursor of cursors) advance(cursor);
  for (;;) {
    const least = leastLabels(cursors);
    if (!least) return;
    const inputs: ChunkInput[] = [];
    for (const cursor of cursors) {
      if (!cursor.labels || seriesOrder(cursor.labels, least) !== 0) continue;
      gather(cursor, inputs);
      advance(cursor);
    }
    visit(least, inputs);
  }
}

function advance(cursor: Cursor): void {
  cursor.at++;
  const more = cursor.at < cursor.series.length;
  cursor.labels = more ? cursor.block.index.labels(cursor.series[cursor.at]!) : undefined;
}

function leastLabels(cursors: readonly Cursor[]): Labels | undefined {
  let least: Labels | undefined;
  for (const { labels } of cursors) {
    if (labels && (!least || seriesOrder(labels, least) < 0)) least = labels;
  }
  return least;
}

function gather({ block, series, at }: Cursor, inputs: ChunkInput[]): void {
  const deleted = block.tombstones.get(series[at]!) ?? [];
  block.index.eachChunk(series[at]!, (mint, maxt, reference) => {
    inputs.push({
      block,
      reference,
      mint,
      maxt,
      deleted: deleted.filter((interval) => interval.mint <= maxt && interval.maxt >= mint),
    });
  });
}

/** Whole chunks go as they are; where chunks overlap or something is deleted, samples are packed anew. */
function addChunks(writer: BlockWriter, inputs: readonly ChunkInput[]): void {
  const overlapping = inputs.some((input, i) => i > 0 && input.mint <= inputs[i - 1]!.maxt);
  if (overlapping) {
    addMerged(writer, inputs);
    return;
  }
  for (const input of inputs) {
    if (input.deleted.length === 0) copyChunk(writer, input);
    else addMerged(writer, [input]);
  }
}

function addMerged(writer: BlockWriter, inputs: readonly ChunkInput[]): void {
  columns.clear();
  for (const input of inputs) {
    const middle = columns.length;
    decode(input);
    mergeRuns(columns, 0, middle);
  }
  writer.addSamples(columns);
}

function copyChunk(writer: BlockWriter, { block: { chunks }, reference, mint, maxt }: ChunkInput): void {
  chunks.seek(reference);
  const { encoding, bytes, at, end } = chunks;
  const samples = (bytes[at]! << 8) | bytes[at + 1]!;
  writer.addChunk({ mint, maxt, samples, encoding }, bytes, at, end);
}

/** Appends the samples of a chunk that are not deleted. */
function decode({ block: { chunks }, reference, deleted }: ChunkInput): void {
  const start = columns.length;
  chunks.seek(reference);
  const { encoding, bytes, at, end } = chunks;
  if (!decodeChunk(encoding, bytes, at, end, -Infinity, Infinity, columns)) {
    throw chunks.fault('a chunk is damaged');
  }
  dropDeleted(columns, start, deleted);
}
