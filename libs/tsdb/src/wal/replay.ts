import fs from 'node:fs';
import { ByteReader } from '../bytes/byte-reader.ts';
import { FragmentFault, FragmentReader } from './fragments.ts';
import { type RecordVisitor, readRecord } from './records.ts';
import { checkpointDir, listCheckpoints, listSegments, segmentFile } from './segments.ts';
import { WalError } from './wal.ts';

export interface ReplayOptions {
  /**
   * What to do about damage that no stop of the machine explains: 'refuse' (default) throws; 'drop' cuts the segment
   * there and moves everything behind it aside as `*.corrupt`.
   */
  readonly repair?: 'refuse' | 'drop';
  /** Hears each repair, as one line. */
  readonly log?: (line: string) => void;
}

/** The longest that reading holds the event loop, ms: whoever asks meanwhile whether we are ready is answered. */
const mostHeld = 20;

/** Reads a whole log into the visitor, oldest first, and repairs its torn end. @throws WalError naming file and offset. */
export async function replay(
  dir: string,
  visitor: RecordVisitor,
  options: ReplayOptions = {},
): Promise<void> {
  const checkpoint = listCheckpoints(dir).at(-1);
  const files: string[] = [];
  if (checkpoint !== undefined) {
    const folder = checkpointDir(dir, checkpoint);
    for (const index of listSegments(folder)) files.push(segmentFile(folder, index));
  }
  const inCheckpoint = files.length;
  const segments = listSegments(dir).filter((index) => checkpoint === undefined || index > checkpoint);
  refuseGaps(dir, segments, checkpoint);
  for (const index of segments) files.push(segmentFile(dir, index));
  for (const [i, file] of files.entries()) {
    const fault = await readSegment(file, visitor);
    if (!fault) continue;
    if (i === files.length - 1 && i >= inCheckpoint) cutTail(file, fault, options);
    else if (options.repair === 'drop') {
      dropBehind(file, fault, files.slice(i + 1), options);
      return;
    } else throw new WalError(`cannot replay ${file}: ${fault.message}`, { cause: fault });
  }
}

function refuseGaps(dir: string, segments: readonly number[], checkpoint: number | undefined): void {
  let expected = checkpoint === undefined ? segments[0] : checkpoint + 1;
  for (const index of segments) {
    if (index !== expected) {
      throw new WalError(`cannot replay ${dir}: segment ${segmentFile(dir, expected!)} is missing`);
    }
    expected = index + 1;
  }
}

async function readSegment(file: string, visitor: RecordVisitor): Promise<FragmentFault | undefined> {
  const reader = new FragmentReader(fs.readFileSync(file));
  const body = new ByteReader(new Uint8Array(0));
  let since = performance.now();
  try {
    for (let record = reader.next(); record; record = reader.next()) {
      try {
        readRecord(record, body, visitor);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new FragmentFault(reader.soundBefore, `record before offset ${reader.sound}: ${error.message}`);
      }
      if (performance.now() - since < mostHeld) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  } catch (error) {
    if (error instanceof FragmentFault) return error;
    throw error;
  }
  return undefined;
}

function cutTail(file: string, fault: FragmentFault, { log }: ReplayOptions): void {
  const lost = fs.statSync(file).size - fault.offset;
  fs.truncateSync(file, fault.offset);
  log?.(
    `repaired ${file}: ${fault.message}; cut at offset ${fault.offset}, ${lost} bytes of an unfinished write dropped`,
  );
}

function dropBehind(
  file: string,
  fault: FragmentFault,
  later: readonly string[],
  options: ReplayOptions,
): void {
  cutTail(file, fault, options);
  for (const one of later) fs.renameSync(one, `${one}.corrupt`);
  if (later.length > 0) options.log?.(`moved ${later.length} later segments aside as *.corrupt`);
}
