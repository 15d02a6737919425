import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, PromqlError, QueryError } from '@paddlewatch/promql';
import { type DbHandle, openShared } from '@paddlewatch/tsdb';
import { Answerer, type EngineSettings } from './answerer.ts';
import type { FailureKind, Reply, Request } from './job.ts';

/** What a query thread is born with. */
export interface ThreadData {
  readonly handle: DbHandle;
  readonly engine: EngineSettings;
  /** Holds the id of the job that shall stop: a flag reaches a busy thread, a message does not. */
  readonly canceled: Int32Array;
}

const port = parentPort!;
const { handle, engine: settings, canceled } = workerData as ThreadData;
const reader = openShared(handle);
const answerer = new Answerer(createEngine(settings), reader);

port.on('message', (request: Request) => void reply(request));

async function reply(request: Request): Promise<void> {
  const { id } = request;
  const signal = {
    get aborted() {
      return Atomics.load(canceled, 0) === id;
    },
  };
  try {
    const answer = await answerer.answer(request, signal);
    const transfer = 'bytes' in answer ? [answer.bytes.buffer as ArrayBuffer] : [];
    port.postMessage({ id, answer } satisfies Reply, transfer);
  } catch (error) {
    const failure = { kind: kindOf(error), message: (error as Error).message };
    port.postMessage({ id, failure } satisfies Reply);
  }
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof PromqlError) return 'bad_data';
  return error instanceof QueryError ? error.kind : 'execution';
}
