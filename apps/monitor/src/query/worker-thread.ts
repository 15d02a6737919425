import { Worker } from 'node:worker_threads';
import type { Reply } from './job.ts';
import type { ThreadData } from './thread.ts';
import type { SpawnThread } from './thread-pool.ts';

/** Query threads as worker threads over the shared memory of the storage. */
export function workerThreads(data: () => Omit<ThreadData, 'canceled'>): SpawnThread {
  return ({ onReply, onDeath }) => {
    const canceled = new Int32Array(new SharedArrayBuffer(4));
    const workerData: ThreadData = { ...data(), canceled };
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData, name: 'query' });
    worker.on('message', (reply: Reply) => onReply(reply));
    worker.on('error', (error) => onDeath(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => onDeath(new Error(`it exited with code ${code}`)));
    return {
      post: (request) => worker.postMessage(request),
      cancel: (id) => void Atomics.store(canceled, 0, id),
      terminate: () => worker.terminate(),
    };
  };
}
