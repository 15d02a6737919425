import fs from 'node:fs';
import { ByteReader } from '../bytes/byte-reader.ts';
import { FragmentFault, FragmentReader, passedOver } from './fragments.ts';
import { holdsSamples, isUnreadable } from './record-type.ts';
import { type RecordVisitor, readRecord } from './records.ts';
import { checkpointDir, listCheckpoints, listSegments, segmentFile } from './segments.ts';
import { WalError } from './wal.ts';

export interface ReplayOptions {
  /**
   * What to do about damage that no stop of the machine explains: 'refuse' (default) throws; 'drop' cuts the segment
   * there and moves everything behind it aside as `*.corrupt`.
   */
  readonly repair?: 'refuse' | 'drop';
  /** The number with which the log begins where there is no checkpoint. Default: that of the oldest segment there is. */
  readonly first?: number;
  /** Hears each repair, as one line. */
  readonly log?: (line: string) => void;
  /** Samples of segments up to this one are passed over, because they stand elsewhere. Default −1: none. */
  readonly samplesAfter?: number;
}

/** Bytes of log read between two breaths of the event loop, about 15 ms: whoever asks meanwhile whether we are ready is answered. */
const mostHeld = 256 * 1024;

/** Reads a whole log into the visitor, oldest first, and repairs its torn end. @throws WalError naming file and offset. */
export async function replay(
  dir: string,
  visitor: RecordVisitor,
  options: ReplayOptions = {},
): Promise<void> {
  const checkpoint = listCheckpoints(dir).at(-1);
  const files: { name: string; index: number }[] = [];
  if (checkpoint !== undefined) {
    const folder = checkpointDir(dir, checkpoint);
    for (const index of listSegments(folder))
      files.push({ name: segmentFile(folder, index), index: checkpoint });
  }
  const inCheckpoint = files.length;
  const segments = listSegments(dir).filter((index) => checkpoint === undefined || index > checkpoint);
  for (const index of withoutGaps(dir, segments, checkpoint, options))
    files.push({ name: segmentFile(dir, index), index });
  for (const [i, { name: file, index }] of files.entries()) {
    const withSamples = index > (options.samplesAfter ?? -1);
    const fault = await readSegment(file, withSamples, visitor, options);
    if (!fault) continue;
    if (i === files.length - 1 && i >= inCheckpoint) cutTail(file, fault, options);
    else if (options.repair === 'drop') {
      const later = files.slice(i + 1).map(({ name }) => name);
      dropBehind(file, fault, later, options);
      return;
    } else throw new WalError(`cannot replay ${file}: ${fault.message}`, { cause: fault });
  }
}

/** The segments up to the first gap. @throws WalError at a gap, where it is not to be dropped. */
function withoutGaps(
  dir: string,
  segments: readonly number[],
  checkpoint: number | undefined,
  options: ReplayOptions,
): readonly number[] {
  let expected = checkpoint === undefined ? (options.first ?? segments[0]) : checkpoint + 1;
  for (const [i, index] of segments.entries()) {
    if (index !== expected) {
      const missing = segmentFile(dir, expected!);
      if (options.repair !== 'drop')
        throw new WalError(`cannot replay ${dir}: segment ${missing} is missing`);
      options.log?.(`segment ${missing} is missing`);
      setAside(
        segments.slice(i).map((later) => segmentFile(dir, later)),
        options,
      );
      return segments.slice(0, i);
    }
    expected = index + 1;
  }
  return segments;
}

async function readSegment(
  file: string,
  withSamples: boolean,
  visitor: RecordVisitor,
  options: ReplayOptions,
): Promise<FragmentFault | undefined> {
  const reader = new FragmentReader(fs.readFileSync(file), withSamples ? undefined : holdsSamples);
  const body = new ByteReader(new Uint8Array(0));
  let breathed = 0;
  try {
    for (let record = reader.next(); record; record = reader.next()) {
      if (isUnreadable(record))
        refuseType(record[0]!, `${file}: record before offset ${reader.sound}`, options);
      try {
        if (record !== passedOver) readRecord(record, body, visitor);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new FragmentFault(reader.soundBefore, `record before offset ${reader.sound}: ${error.message}`);
      }
      if (reader.sound - breathed < mostHeld) continue;
      await new Promise((resolve) => setImmediate(resolve));
      breathed = reader.sound;
    }
  } catch (error) {
    if (error instanceof FragmentFault) return error;
    throw error;
  }
  return undefined;
}

/** @throws WalError where what cannot be read is not to be dropped. */
function refuseType(type: number, where: string, { repair, log }: ReplayOptions): void {
  const what = `${where}: type ${type}, samples with start times, cannot be read yet`;
  if (repair !== 'drop') throw new WalError(`cannot replay ${what}`);
  log?.(`passed over ${what}`);
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
  setAside(later, options);
}

function setAside(files: readonly string[], { log }: ReplayOptions): void {
  for (const file of files) fs.renameSync(file, `${file}.corrupt`);
  if (files.length > 0) log?.(`moved ${files.length} later segments aside as *.corrupt`);
}
