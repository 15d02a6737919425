import fs from 'node:fs';
import path from 'node:path';
import { crc32c } from '../bytes/crc32c.ts';
import { BlockError } from './block-error.ts';
import { replaceFile } from './durable.ts';
import { isUlid } from './ulid.ts';

// The layout is docs/formats/meta.md.

/** What a block says of itself; times in ms, maxTime exclusive. */
export interface BlockMeta {
  readonly ulid: string;
  readonly minTime: number;
  readonly maxTime: number;
  readonly stats: BlockStats;
  readonly compaction: {
    /** 1 for a block cut from the head, one more for each compaction. */
    readonly level: number;
    /** The blocks of level 1 that went into it. */
    readonly sources: readonly string[];
    /** The blocks that it replaces. */
    readonly parents?: readonly BlockSpan[];
    readonly failed?: boolean;
    readonly deletable?: boolean;
    readonly hints?: readonly string[];
  };
  readonly version: 1;
}

export interface BlockStats {
  readonly numSamples: number;
  readonly numSeries: number;
  readonly numChunks: number;
  readonly numFloatSamples?: number;
  readonly numHistogramSamples?: number;
  readonly numTombstones?: number;
}

export interface BlockSpan {
  readonly ulid: string;
  readonly minTime: number;
  readonly maxTime: number;
}

export function metaFile(dir: string): string {
  return path.join(dir, 'meta.json');
}

/** @throws BlockError where the file is not there or is not what it should be. */
export function readMeta(dir: string): BlockMeta {
  const file = metaFile(dir);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new BlockError(file, 0, (error as Error).message);
  }
  return parseMeta(file, text);
}

export function parseMeta(file: string, text: string): BlockMeta {
  let meta: Partial<BlockMeta> | null;
  try {
    meta = JSON.parse(text) as Partial<BlockMeta> | null;
  } catch (error) {
    throw new BlockError(file, 0, (error as Error).message);
  }
  if (meta?.version !== 1) throw new BlockError(file, 0, `version ${meta?.version} is not known`);
  const { [ownSection]: own, ...facts } = meta as Partial<BlockMeta> & { [ownSection]?: OwnSection };
  if (own && own.crc32c !== checksumOf(facts)) throw new BlockError(file, 0, 'the checksum differs');
  const { ulid, minTime, maxTime, stats, compaction } = facts;
  const sound =
    typeof ulid === 'string' &&
    isUlid(ulid) &&
    Number.isSafeInteger(minTime) &&
    Number.isSafeInteger(maxTime) &&
    minTime! < maxTime! &&
    typeof compaction?.level === 'number';
  if (!sound) throw new BlockError(file, 0, 'ulid, times or compaction are missing');
  const { sources = [], parents = [], level } = compaction;
  if (!Array.isArray(sources) || !Array.isArray(parents)) {
    throw new BlockError(file, 0, 'sources or parents are no lists');
  }
  return {
    ...(facts as BlockMeta),
    stats: { numSamples: 0, numSeries: 0, numChunks: 0, ...stats },
    compaction: { ...compaction, level, sources, parents },
  };
}

/** Tabs, as Prometheus writes it. */
export function writeMeta(dir: string, meta: BlockMeta): void {
  const own: OwnSection = { crc32c: checksumOf(meta) };
  replaceFile(metaFile(dir), JSON.stringify({ ...meta, [ownSection]: own }, null, '\t'));
}

/** A key that Prometheus passes over, as it does the one of Thanos: a time that changed would hide samples. */
const ownSection = 'paddlewatch';

interface OwnSection {
  /** CRC32C of everything else as JSON without spaces, hexadecimal. */
  readonly crc32c: string;
}

function checksumOf(facts: Partial<BlockMeta>): string {
  const bytes = Buffer.from(JSON.stringify(facts));
  return crc32c(bytes, 0, bytes.length).toString(16).padStart(8, '0');
}
