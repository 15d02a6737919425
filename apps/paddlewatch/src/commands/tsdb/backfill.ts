import { Backfill } from '@paddlewatch/tsdb';
import { readHistory } from './history-file.ts';
import { blockTable } from './list.ts';

/** Turns an OpenMetrics file into blocks in a folder; the table of them. */
export function backfill(file: string, dir: string): string {
  const history = new Backfill({ dir });
  readHistory(file, history);
  const names = new Set(history.close().map(({ ulid }) => ulid));
  return blockTable(dir, names);
}
