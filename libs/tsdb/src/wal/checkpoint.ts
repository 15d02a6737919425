import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ByteReader } from '../bytes/byte-reader.ts';
import { FragmentReader, type WalCompression } from './fragments.ts';
import { NeededRecords } from './needed-records.ts';
import { readRecord } from './records.ts';
import { RefTable } from './ref-table.ts';
import { checkpointDir, listCheckpoints, listSegments, segmentFile } from './segments.ts';
import { Wal } from './wal.ts';

/** What a checkpoint keeps of the segments up to `last`. */
export interface CheckpointOrder {
  readonly dir: string;
  readonly last: number;
  /** References of the series that live. */
  readonly series: Float64Array;
  /** Samples before it are in a block. */
  readonly mint: number;
  readonly compression?: WalCompression;
}

/** Writes a checkpoint in a thread of its own, then deletes the segments and checkpoints that it stands for. */
export async function checkpoint(order: CheckpointOrder): Promise<void> {
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: order });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  for (const index of listSegments(order.dir)) {
    if (index <= order.last) fs.rmSync(segmentFile(order.dir, index));
  }
  for (const index of listCheckpoints(order.dir)) {
    if (index < order.last) fs.rmSync(checkpointDir(order.dir, index), { recursive: true });
  }
}

/** The work of the thread: reads the newest checkpoint and the segments up to `last`, writes what is still needed. */
export async function writeCheckpoint(order: CheckpointOrder): Promise<void> {
  const { dir, last } = order;
  const target = checkpointDir(dir, last);
  const draft = `${target}.tmp`;
  fs.rmSync(draft, { recursive: true, force: true });
  const out = new Wal(draft, { sync: 'interval', compression: order.compression });
  const keep = new RefTable();
  for (const ref of order.series) keep.set(ref, 1);
  const needed = new NeededRecords(keep, order.mint);
  for (const file of inputs(dir, last)) copyNeeded(file, out, needed);
  needed.writeMetadata(out);
  out.commit();
  await out.close();
  syncFolder(draft);
  fs.renameSync(draft, target);
  syncFolder(dir);
}

function inputs(dir: string, last: number): string[] {
  const former = listCheckpoints(dir).at(-1);
  const files: string[] = [];
  if (former !== undefined) {
    const folder = checkpointDir(dir, former);
    files.push(...listSegments(folder).map((index) => segmentFile(folder, index)));
  }
  const segments = listSegments(dir).filter(
    (index) => index <= last && (former === undefined || index > former),
  );
  files.push(...segments.map((index) => segmentFile(dir, index)));
  return files;
}

function copyNeeded(file: string, out: Wal, needed: NeededRecords): void {
  const reader = new FragmentReader(fs.readFileSync(file));
  const body = new ByteReader(new Uint8Array(0));
  for (let record = reader.next(); record; record = reader.next()) {
    needed.begin(record);
    readRecord(record, body, needed);
    needed.write(out);
    out.commit();
  }
}

/** Makes names in a folder survive a loss of power. */
function syncFolder(dir: string): void {
  const fd = fs.openSync(path.resolve(dir), 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
