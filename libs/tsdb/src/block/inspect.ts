import path from 'node:path';
import { labelValue, metricName } from '@paddlewatch/model';
import { seriesOrder } from '../bytes/byte-order.ts';
import { SampleColumns } from '../chunk/sample-columns.ts';
import { Block } from './block.ts';
import { BlockError } from './block-error.ts';
import { listBlocks } from './block-list.ts';
import { BlockSource } from './block-source.ts';
import type { BlockMeta } from './meta.ts';

export interface BlockSummary {
  readonly meta: BlockMeta;
  /** Bytes on disk. */
  readonly size: number;
}

/** The blocks of a database by their names. @throws BlockError */
export function blockSummaries(dir: string): BlockSummary[] {
  return listBlocks(dir).map((name) => {
    const block = new Block(path.join(dir, name));
    const summary = { meta: block.meta, size: block.size };
    block.close();
    return summary;
  });
}

/** How many series bear something, most first. */
export type Ranking = readonly (readonly [what: string, count: number])[];

export interface BlockAnalysis {
  readonly meta: BlockMeta;
  readonly series: number;
  readonly labelNames: number;
  readonly labelPairs: number;
  readonly seriesByMetric: Ranking;
  readonly valuesByLabel: Ranking;
  readonly seriesByPair: Ranking;
}

/** Where the series of a block come from; the first `most` of each ranking. @throws BlockError */
export function analyzeBlock(folder: string, most: number): BlockAnalysis {
  const block = new Block(folder);
  try {
    const { table } = block.index;
    const names = table.names().filter((name) => name !== '');
    const values = names.map((name) => [name, table.entry(name)!.places.length] as const);
    const pairs = names.flatMap((name) =>
      table.values(table.entry(name)!).map((value) => {
        return [`${name}=${value}`, block.index.withValue(name, value)!.length] as const;
      }),
    );
    const metrics = pairs.filter(([pair]) => pair.startsWith(`${metricName}=`));
    return {
      meta: block.meta,
      series: block.index.everything().length,
      labelNames: names.length,
      labelPairs: pairs.length,
      seriesByMetric: top(metrics, most).map(([pair, n]) => [pair.slice(metricName.length + 1), n] as const),
      valuesByLabel: top(values, most),
      seriesByPair: top(pairs, most),
    };
  } finally {
    block.close();
  }
}

function top(ranking: Ranking, most: number): Ranking {
  return [...ranking].sort((a, b) => b[1] - a[1]).slice(0, most);
}

/**
 * Reads every byte of a block that a reader could meet: all checksums, the order of series, postings against labels,
 * every sample against its chunk's times, and the counts against meta.json. The faults found; each is one line.
 */
export function verifyBlock(folder: string): string[] {
  let block: Block;
  try {
    block = new Block(folder);
  } catch (error) {
    return [(error as Error).message];
  }
  const faults: string[] = [];
  try {
    verifySeries(block, faults);
    verifyPostings(block, faults);
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    faults.push(error.message);
  } finally {
    block.close();
  }
  return faults;
}

function verifySeries(block: Block, faults: string[]): void {
  const { index, meta } = block;
  const all = index.everything();
  const columns = new SampleColumns();
  // What is deleted is still there.
  block.tombstones = new Map();
  const set = new BlockSource(block).select([], everyTime);
  let before: readonly string[] = [];
  let samples = 0;
  let chunks = 0;
  for (let i = 0; i < all.length; i++) {
    const labels = index.labels(all[i]!);
    if (seriesOrder(before, labels) >= 0) faults.push(`${index.path}: series ${all[i]} is out of order`);
    before = labels;
    index.eachChunk(all[i]!, (mint, maxt) => {
      chunks++;
      if (mint < meta.minTime || maxt >= meta.maxTime) {
        faults.push(`${index.path}: series ${all[i]} has a chunk outside the block, ${mint} to ${maxt} ms`);
      }
    });
    columns.clear();
    set.read(i, everyTime.mint, everyTime.maxt, columns);
    samples += columns.length;
    for (let k = 1; k < columns.length; k++) {
      if (columns.t[k]! > columns.t[k - 1]!) continue;
      faults.push(`${index.path}: series ${all[i]} has samples out of order at ${columns.t[k]} ms`);
      break;
    }
  }
  const counted = { numSeries: all.length, numSamples: samples, numChunks: chunks };
  for (const [what, count] of Object.entries(counted)) {
    const said = meta.stats[what as keyof typeof counted];
    if (said !== count)
      faults.push(`${path.join(block.dir, 'meta.json')}: ${what} is ${said}, found ${count}`);
  }
}

const everyTime = { mint: Number.NEGATIVE_INFINITY, maxt: Number.POSITIVE_INFINITY };

/** Every label of every series is in one list, and every list has series of its label only. */
function verifyPostings({ index }: Block, faults: string[]): void {
  let listed = 0;
  let borne = 0;
  for (const series of index.everything()) borne += index.labels(series).length / 2;
  for (const name of index.table.names()) {
    if (name === '') continue;
    for (const value of index.table.values(index.table.entry(name)!)) {
      const list = index.withValue(name, value)!;
      listed += list.length;
      const strange = list.find((series) => labelValue(index.labels(series), name) !== value);
      if (strange !== undefined) {
        faults.push(`${index.path}: the list of ${name}=${value} has series ${strange}, which is another's`);
      }
    }
  }
  if (listed !== borne) faults.push(`${index.path}: postings name ${listed} labels, series bear ${borne}`);
}
