import fs from 'node:fs';
import path from 'node:path';
import { Block } from './block.ts';
import { BlockError } from './block-error.ts';
import { BlockSource } from './block-source.ts';
import { FileWindows } from './file-windows.ts';
import { type BlockMeta, metaFile } from './meta.ts';
import { SelectionCache } from './selection-cache.ts';
import { isUlid } from './ulid.ts';
import { WindowMemory, type WindowMemoryHandle } from './window-memory.ts';

/** Names of the block folders in a database, oldest name first. */
export function listBlocks(dir: string): string[] {
  const names = fs.existsSync(dir) ? fs.readdirSync(dir) : [];
  return names.filter((name) => isUlid(name) && fs.existsSync(metaFile(path.join(dir, name)))).sort();
}

/** Moves the blocks that do not open out of the way, as `<ulid>.corrupt`, and tells each as one line. */
export function setDamagedAside(dir: string, log: (line: string) => void): void {
  for (const name of listBlocks(dir)) {
    const folder = path.join(dir, name);
    try {
      new Block(folder).close();
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      fs.renameSync(folder, `${folder}.corrupt`);
      log(`moved ${folder} aside as ${name}.corrupt: ${error.message}`);
    }
  }
}

/** Blocks that another block replaces: they were left when a program stopped between the two. */
function replacedBlocks(metas: readonly BlockMeta[]): string[] {
  return metas.flatMap(({ compaction }) => compaction.parents ?? []).map(({ ulid }) => ulid);
}

/** What the threads that read the blocks of a folder share: structured-cloneable. */
export interface SharedBlocks {
  /** One number, which rises with every change of the folder. */
  readonly version: Int32Array<SharedArrayBuffer>;
  readonly windows: WindowMemoryHandle;
}

/** Bytes of files that all readers keep together. */
const windowBytes = 32 * 1024 * 1024;

/**
 * The blocks of a folder as one thread reads them. The owner of the database changes the folder and then calls
 * `changed`; every thread that shares them lists the folder again before its next query.
 */
export class BlockList {
  readonly dir: string;
  readonly shared: SharedBlocks;
  readonly #windows: FileWindows;
  readonly #selections = new SelectionCache();
  readonly #sources = new Map<string, BlockSource>();
  #sorted: readonly BlockSource[] = [];
  #seen = -1;
  /** Blocks in the folder whose samples another block holds. */
  replaced: readonly string[] = [];

  constructor(dir: string, shared = newShare()) {
    this.dir = dir;
    this.shared = shared;
    this.#windows = new FileWindows(new WindowMemory(shared.windows));
  }

  /** Oldest first. @throws BlockError naming the file of a damaged block. */
  sources(): readonly BlockSource[] {
    // A folder that changes while it is listed is listed again: a block and its successor must not both be missed.
    const shared = this.shared.version;
    for (let version = Atomics.load(shared, 0); version !== this.#seen; ) {
      this.#refresh();
      this.#seen = version;
      version = Atomics.load(shared, 0);
    }
    return this.#sorted;
  }

  /** Tells all threads that the folder has changed. */
  changed(): void {
    Atomics.add(this.shared.version, 0, 1);
  }

  close(): void {
    for (const source of this.#sources.values()) source.retire();
    this.#sources.clear();
    this.#sorted = [];
    this.#windows.close();
  }

  #refresh(): void {
    const names = new Set(listBlocks(this.dir));
    for (const [name, source] of this.#sources) {
      if (names.has(name)) source.block.reload();
      else this.#drop(name, source);
    }
    for (const name of names) if (!this.#sources.has(name)) this.#open(name);
    const metas = [...this.#sources.values()].map(({ block }) => block.meta);
    this.replaced = replacedBlocks(metas).filter((name) => names.has(name));
    for (const name of this.replaced) {
      const source = this.#sources.get(name);
      if (source) this.#drop(name, source);
    }
    this.#selections.boundFor(metas.reduce((sum, { stats }) => sum + stats.numSeries, 0));
    this.#sorted = [...this.#sources.values()].sort((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
  }

  #open(name: string): void {
    const dir = path.join(this.dir, name);
    try {
      this.#sources.set(name, new BlockSource(new Block(dir, this.#windows), this.#selections));
    } catch (error) {
      // The owner may delete a block while another thread lists.
      if (fs.existsSync(metaFile(dir))) throw error;
    }
  }

  #drop(name: string, source: BlockSource): void {
    this.#sources.delete(name);
    source.retire();
  }
}

function newShare(): SharedBlocks {
  const { handle } = WindowMemory.ofSize(windowBytes);
  return { version: new Int32Array(new SharedArrayBuffer(4)), windows: handle };
}
