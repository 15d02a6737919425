import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { HeadSource } from '../head/head-source.ts';
import { MappedBytes } from '../head/mapped-bytes.ts';
import { type HeadMemory, SharedHead } from '../head/shared-head.ts';
import { Block } from './block.ts';
import { compact } from './compact.ts';
import { cutHead } from './cut-head.ts';
import { FileWindows } from './file-windows.ts';

/** A block to be written in a thread of its own. */
export type Order =
  | {
      readonly kind: 'cut';
      /** The folder of the database, and the one where the block goes. */
      readonly dir: string;
      readonly target: string;
      readonly ulid: string;
      readonly head: HeadMemory;
      readonly mint: number;
      readonly maxt: number;
    }
  | {
      readonly kind: 'compact';
      readonly dir: string;
      readonly ulid: string;
      /** Names of the blocks, oldest first. */
      readonly blocks: readonly string[];
    };

/** Writes blocks, one order after the other. The thread starts with the first order and lives until `close`. */
export class BlockThread {
  #worker: Worker | undefined;

  /** Ends when the block is in the folder. @throws what the thread threw; then there is no trace of the block. */
  async carryOut(order: Order): Promise<void> {
    this.#worker ??= new Worker(new URL('./order-thread.ts', import.meta.url));
    const worker = this.#worker;
    worker.postMessage(order);
    try {
      await once(worker, 'message');
    } catch (error) {
      this.#worker = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** The work of the thread. */
export function perform(order: Order): void {
  switch (order.kind) {
    case 'cut': {
      const mapped = new MappedBytes(path.join(order.dir, 'chunks_head'));
      const head = new HeadSource({ shared: new SharedHead(order.head), mapped });
      cutHead(order.target, head, order.mint, order.maxt, order.ulid);
      break;
    }
    case 'compact': {
      const windows = new FileWindows();
      const blocks = order.blocks.map((name) => new Block(path.join(order.dir, name), windows));
      compact(order.dir, blocks, order.ulid);
      for (const block of blocks) block.close();
      break;
    }
  }
}
