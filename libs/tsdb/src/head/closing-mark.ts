import fs from 'node:fs';
import path from 'node:path';
import { replaceFile, sync } from '../block/durable.ts';
import { segmentFile } from '../wal/segments.ts';
import type { Wal } from '../wal/wal.ts';
import { type ChunkFiles, chunkFile } from './chunk-files.ts';

// The layout is docs/formats/head-chunks.md, "At an orderly end".

interface ClosingMark {
  /** The samples of the log up to this segment, its last, all stand in the files below. */
  readonly segment: number;
  /** Of that segment. */
  readonly bytes: number;
  readonly files: readonly { readonly file: number; readonly bytes: number; readonly maxt: number }[];
}

const fileName = 'closed.json';

/** Makes the files last, and notes that they hold every sample of the log, which was closed. */
export function writeClosingMark({ dir, maxTimes }: ChunkFiles, { dir: walDir, segment }: Wal): void {
  if (maxTimes.size === 0) return;
  for (const file of maxTimes.keys()) sync(chunkFile(dir, file));
  const files = [...maxTimes].map(([file, maxt]) => {
    return { file, bytes: fs.statSync(chunkFile(dir, file)).size, maxt };
  });
  const mark: ClosingMark = { segment, bytes: fs.statSync(segmentFile(walDir, segment)).size, files };
  replaceFile(path.join(dir, fileName), JSON.stringify(mark));
}

/**
 * The segment of the log up to which samples need not be read, −1 where they must. Ask when the chunk files have been
 * repaired: a mark counts only while its files are whole, or gone because blocks hold what they held. It counts once:
 * what is written afterwards must not depend on how segments were numbered before.
 */
export function takeClosingMark(dir: string, walDir: string, inBlocks: (t: number) => boolean): number {
  const file = path.join(dir, fileName);
  const mark = readMark(file);
  fs.rmSync(file, { force: true });
  if (!mark || sizeOf(segmentFile(walDir, mark.segment)) !== mark.bytes) return -1;
  for (const { file, bytes, maxt } of mark.files) {
    const size = sizeOf(chunkFile(dir, file));
    if (size === undefined ? !inBlocks(maxt) : size < bytes) return -1;
  }
  return mark.segment;
}

function sizeOf(file: string): number | undefined {
  return fs.statSync(file, { throwIfNoEntry: false })?.size;
}

function readMark(file: string): ClosingMark | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as ClosingMark;
  } catch (error) {
    // Without a mark that can be read the log is read as a whole.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
