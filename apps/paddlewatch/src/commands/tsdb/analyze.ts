import path from 'node:path';
import { analyzeBlock, blockSummaries, type Ranking } from '@paddlewatch/tsdb';

/** Where the series of a block come from; the newest block where none is named. */
export function analysis(dir: string, ulid: string | undefined, most: number): string {
  const newest = blockSummaries(dir)
    .sort((a, b) => a.meta.maxTime - b.meta.maxTime)
    .at(-1)?.meta.ulid;
  const name = ulid ?? newest;
  if (!name) throw new Error(`cannot analyze ${dir}: there is no block`);
  const { meta, series, labelNames, labelPairs, ...rankings } = analyzeBlock(path.join(dir, name), most);
  const hours = ((meta.maxTime - meta.minTime) / 3_600_000).toFixed(2);
  const lines = [
    `block        ${name}`,
    `hours        ${hours}`,
    `series       ${series}`,
    `label names  ${labelNames}`,
    `label pairs  ${labelPairs}`,
    `samples      ${meta.stats.numSamples}`,
    ...section('series by metric', rankings.seriesByMetric),
    ...section('values by label', rankings.valuesByLabel),
    ...section('series by label pair', rankings.seriesByPair),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, ranking: Ranking): string[] {
  return ['', title, ...ranking.map(([what, count]) => `${String(count).padStart(10)}  ${what}`)];
}
