import { readdirSync } from 'node:fs';
import path from 'node:path';

export const segmentSize = 128 * 1024 * 1024;

export function segmentName(index: number): string {
  return String(index).padStart(8, '0');
}

export function segmentFile(dir: string, index: number): string {
  return path.join(dir, segmentName(index));
}

/** Numbers of the segments in a folder, rising; empty where there is no such folder. */
export function listSegments(dir: string): number[] {
  return entries(dir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Numbers of the complete checkpoints, rising: a checkpoint holds what segments up to its number held. */
export function listCheckpoints(dir: string): number[] {
  return entries(dir)
    .map((name) => /^checkpoint\.(\d+)$/.exec(name)?.[1])
    .filter((index) => index !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

export function checkpointDir(dir: string, index: number): string {
  return path.join(dir, `checkpoint.${segmentName(index)}`);
}

function entries(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
