import os from 'node:os';
import v8 from 'node:v8';
import { MessageChannel, Worker } from 'node:worker_threads';
import { leaveShared } from '@paddlewatch/tsdb';
import type { Introduction } from './colleagues.ts';
import type { Reply } from './job.ts';
import type { Message, ThreadData } from './thread.ts';
import { ThreadFlags } from './thread-flags.ts';
import type { QueryThread, SpawnThread } from './thread-pool.ts';

// Threads that start from now on have `gc`, for what `tidy.ts` does.
v8.setFlagsFromString('--expose-gc');

interface Member {
  readonly worker: Worker;
  readonly flags: ThreadFlags;
  readonly lends: boolean;
}

/** Query threads as worker threads over the shared memory of the storage. All of them know each other. */
export class WorkerThreads {
  private readonly data: Omit<ThreadData, 'flags'>;
  private readonly members = new Set<Member>();

  constructor(data: Omit<ThreadData, 'flags'>) {
    this.data = data;
  }

  /** Threads that, while they are idle, take part in the others' queries, or that only have others take part in theirs. */
  spawn({ lends }: { lends: boolean }): SpawnThread {
    return (hooks) => this.start(lends, hooks);
  }

  private start(lends: boolean, { onReply, onDeath }: Parameters<SpawnThread>[0]): QueryThread {
    const flags = ThreadFlags.ofNewThread();
    const workerData: ThreadData = { ...this.data, flags: flags.words };
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData,
      name: 'query',
    });
    // Afterwards it has no number any more.
    const number = worker.threadId;
    // On a single processor a partner would only take the asker's time.
    const member = { worker, flags, lends: lends && os.availableParallelism() > 1 };
    worker.on('message', (reply: Reply) => onReply(reply));
    worker.on('error', (error) => onDeath(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => {
      this.members.delete(member);
      leaveShared(this.data.handle, number);
      onDeath(new Error(`it exited with code ${code}`));
    });
    for (const other of this.members) introduce(member, other);
    this.members.add(member);
    return {
      post: (request) => {
        flags.jobSent();
        worker.postMessage(request satisfies Message);
      },
      cancel: (id) => flags.cancel(id),
      terminate: () => worker.terminate(),
    };
  }
}

function introduce(one: Member, other: Member): void {
  if (!one.lends && !other.lends) return;
  const { port1, port2 } = new MessageChannel();
  tell(one, other, port1);
  tell(other, one, port2);
}

function tell({ worker }: Member, { flags, lends }: Member, port: Introduction['port']): void {
  worker.postMessage({ port, flags: flags.words, lends } satisfies Message, [port]);
}
