import fs from 'node:fs';
import path from 'node:path';
import type { Matcher } from '@paddlewatch/model';
import { makeFolder } from '../folder.ts';
import type { Head } from '../head/head.ts';
import type { BlockList } from './block-list.ts';
import { draftEnding } from './block-writer.ts';
import { deleteFromBlock } from './deletion.ts';
import { sync } from './durable.ts';
import type { BlockMeta } from './meta.ts';
import { BlockThread } from './order.ts';
import { blockRanges, expiredBlocks, planCompaction, type Retention } from './plan.ts';
import { linkBlock } from './snapshot.ts';
import { newUlid } from './ulid.ts';

const deletionEnding = '.tmp-for-deletion';
const longestBlock = 31 * 24 * 3_600_000;

export interface UpkeepOptions {
  readonly dir: string;
  readonly head: Head;
  readonly blocks: BlockList;
  readonly retention: Retention;
  /** Deletes samples from the head and notes it in the log. */
  readonly deleteFromHead: (matchers: readonly Matcher[], mint: number, maxt: number) => Promise<void>;
  /** Drops from the head what lies before a time. */
  readonly truncate: (mint: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/**
 * Keeps the folder in order: cuts full ranges of the head into blocks, joins small blocks into larger ones, deletes what
 * is too old. Blocks are written by a thread; at any moment a stop of the program leaves a folder that opens.
 */
export class Upkeep {
  retention: Retention;
  readonly #options: UpkeepOptions;
  readonly #thread = new BlockThread();
  #current: Promise<void> | undefined;
  #stopping = false;
  /** Blocks hold everything before it; the head drops it one round later, when older queries have ended. */
  #cut = Number.NEGATIVE_INFINITY;
  #truncated = Number.NEGATIVE_INFINITY;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.retention = options.retention;
  }

  /** One round; where one is under way, its end. @throws where the disk does not take a block. */
  run(): Promise<void> {
    return this.#current ?? this.alone(() => this.#round());
  }

  /** Deletes samples from blocks and head; none moves from there to here meanwhile. */
  deleteSeries(matchers: readonly Matcher[], mint: number, maxt: number): Promise<void> {
    return this.alone(async () => {
      const { blocks, deleteFromHead } = this.#options;
      for (const source of blocks.sources()) {
        if (source.minTime <= maxt && source.maxTime >= mint) {
          deleteFromBlock(source.block, matchers, mint, maxt);
        }
      }
      blocks.changed();
      await deleteFromHead(matchers, mint, maxt);
    });
  }

  /** Writes blocks with deleted samples anew, without these. */
  cleanTombstones(): Promise<void> {
    return this.alone(async () => {
      const deleted = this.#options.blocks.sources().filter(({ block }) => block.tombstones.size > 0);
      for (const { block } of deleted) await this.#join([block.meta.ulid]);
    });
  }

  /** Puts every block, and the head as one more where it is wanted, into an empty folder of the same disk. */
  snapshot(target: string, withHead: boolean): Promise<void> {
    return this.alone(async () => {
      const { dir, head, blocks } = this.#options;
      makeFolder(target);
      for (const { block } of blocks.sources()) linkBlock(block.dir, path.join(target, block.meta.ulid));
      const mint = Math.max(head.minTime, this.#cut);
      if (withHead && mint <= head.maxTime) {
        const memory = head.shared.memory();
        const span = { mint, maxt: head.maxTime + 1 };
        await this.#thread.carryOut({ kind: 'cut', dir, target, ulid: this.#ulid(), head: memory, ...span });
      }
      sync(target);
    });
  }

  /** Runs work on head or folder when no other is under way. */
  async alone(work: () => Promise<void>): Promise<void> {
    while (this.#current) await this.#current.catch(() => undefined);
    this.#current = work().finally(async () => {
      await this.#thread.close();
      this.#current = undefined;
    });
    return this.#current;
  }

  /** Ends after the block that is being written. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#current?.catch(() => undefined);
  }

  async #round(): Promise<void> {
    if (this.#cut > this.#truncated) {
      await this.#options.truncate(this.#cut);
      this.#truncated = this.#cut;
    }
    await this.#cutHead();
    this.#deleteUnneeded();
    await this.#compact();
  }

  async #cutHead(): Promise<void> {
    const { head, dir, blocks } = this.#options;
    const range = head.chunkRange;
    while (!this.#stopping) {
      const oldest = Math.max(head.minTime, this.#cut);
      const newest = head.maxTime;
      if (!(newest - oldest > 1.5 * range)) return;
      const mint = Math.floor(oldest / range) * range;
      const maxt = mint + range;
      if (maxt > newest - head.outOfOrderWindow) return;
      head.refuseBefore(maxt);
      await this.#thread.carryOut({
        kind: 'cut',
        dir,
        target: dir,
        ulid: this.#ulid(),
        head: head.shared.memory(),
        mint,
        maxt,
      });
      blocks.changed();
      head.leaveToBlocks(maxt);
      this.#cut = maxt;
    }
  }

  async #compact(): Promise<void> {
    const { time } = this.retention;
    const longest = time > 0 ? Math.min(longestBlock, time / 10) : longestBlock;
    const ranges = blockRanges(this.#options.head.chunkRange, longest);
    while (!this.#stopping) {
      const plan = planCompaction(this.#metas(), ranges);
      if (plan.length === 0) return;
      await this.#join(plan.map(({ ulid }) => ulid));
    }
  }

  /** Writes blocks as one and deletes them. */
  async #join(names: readonly string[]): Promise<void> {
    const { dir, blocks } = this.#options;
    await this.#thread.carryOut({ kind: 'compact', dir, ulid: this.#ulid(), blocks: names });
    blocks.changed();
    this.#delete(names);
  }

  /** Blocks that a stop left behind their successors, and blocks beyond the retention. */
  #deleteUnneeded(): void {
    const { blocks } = this.#options;
    blocks.sources();
    this.#delete([...blocks.replaced]);
    const listed = blocks.sources().map(({ block }) => ({ meta: block.meta, size: block.size }));
    this.#delete(expiredBlocks(listed, this.#otherBytes(), this.retention));
  }

  #delete(names: readonly string[]): void {
    if (names.length === 0) return;
    const { dir, blocks } = this.#options;
    for (const name of names) deleteFolder(path.join(dir, name));
    blocks.changed();
  }

  #metas(): BlockMeta[] {
    return this.#options.blocks.sources().map(({ block }) => block.meta);
  }

  #otherBytes(): number {
    if (this.retention.size === 0) return 0;
    const folders = ['wal', 'wbl', 'chunks_head'].map((name) => path.join(this.#options.dir, name));
    return folders.reduce((sum, folder) => sum + folderBytes(folder), 0);
  }

  #ulid(): string {
    return newUlid(this.#options.now());
  }
}

/** Under another name first: a block is there whole or not at all. */
export function deleteFolder(folder: string): void {
  const doomed = folder + deletionEnding;
  fs.renameSync(folder, doomed);
  sync(path.dirname(folder));
  fs.rmSync(doomed, { recursive: true });
}

/** Removes what a stopped program left half written or half deleted. */
export function removeDrafts(dir: string): void {
  for (const name of fs.readdirSync(dir)) {
    if (name.endsWith(draftEnding) || name.endsWith(deletionEnding)) {
      fs.rmSync(path.join(dir, name), { recursive: true });
    }
  }
}

function folderBytes(folder: string): number {
  if (!fs.existsSync(folder)) return 0;
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.reduce((sum, file) => {
    return file.isFile() ? sum + fs.statSync(path.join(file.parentPath, file.name)).size : sum;
  }, 0);
}
