import { blockSummaries } from '@paddlewatch/tsdb';

const columns = ['BLOCK ULID', 'MIN TIME', 'MAX TIME', 'SAMPLES', 'CHUNKS', 'SERIES', 'LEVEL', 'BYTES'];

/** A line for each block of a database, or for those that are named. */
export function blockTable(dir: string, only?: ReadonlySet<string>): string {
  const rows = blockSummaries(dir)
    .filter(({ meta }) => !only || only.has(meta.ulid))
    .map(({ meta, size }) => {
      const { ulid, minTime, maxTime, stats, compaction } = meta;
      const counts = [stats.numSamples, stats.numChunks, stats.numSeries, compaction.level, size];
      return [ulid, time(minTime), time(maxTime), ...counts.map(String)];
    });
  return table([columns, ...rows]);
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
