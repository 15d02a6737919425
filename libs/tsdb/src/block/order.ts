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
      readonly dir: string;
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

/** Ends when the block is in the folder. @throws what the thread threw; then there is no trace of the block. */
export async function carryOut(order: Order): Promise<void> {
  const worker = new Worker(new URL('./order-thread.ts', import.meta.url), { workerData: order });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

/** The work of the thread. */
export function perform(order: Order): void {
  switch (order.kind) {
    case 'cut': {
      const mapped = new MappedBytes(path.join(order.dir, 'chunks_head'));
      const head = new HeadSource({ shared: new SharedHead(order.head), mapped });
      cutHead(order.dir, head, order.mint, order.maxt, order.ulid);
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
