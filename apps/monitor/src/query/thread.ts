import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '@paddlewatch/promql';
import { type DbHandle, openShared } from '@paddlewatch/tsdb';
import { Answerer, type EngineSettings, failureOf } from './answerer.ts';
import { Colleagues, type Introduction } from './colleagues.ts';
import type { Reply, Request } from './job.ts';
import { ThreadFlags } from './thread-flags.ts';
import { Tidy } from './tidy.ts';

/** What a query thread is born with. */
export interface ThreadData {
  readonly handle: DbHandle;
  readonly engine: EngineSettings;
  readonly flags: Int32Array<SharedArrayBuffer>;
}

/** What the main thread sends. */
export type Message = Request | Introduction;

const port = parentPort!;
const { handle, engine: settings, flags: words } = workerData as ThreadData;
const flags = new ThreadFlags(words);
const reader = openShared(handle);
const engine = createEngine(settings);
const answerer = new Answerer(engine, reader);
const tidy = new Tidy(
  () => globalThis.gc?.(),
  () => !flags.isTaken,
);
const colleagues = new Colleagues(engine, reader, flags, () => tidy.afterWork());

port.on('message', (message: Message) => {
  if ('job' in message) void reply(message);
  else colleagues.meet(message);
});
flags.giveBack();
// A thread that is ended by force would leave nothing for the next.
flushCompileCache();

async function reply(request: Request): Promise<void> {
  const { id } = request;
  const signal = {
    get aborted() {
      return flags.isCanceled(id);
    },
  };
  try {
    const answer = await answerer.answer(request, { signal, partner: colleagues.partnerFor(id) });
    const transfer = 'bytes' in answer ? [answer.bytes.buffer as ArrayBuffer] : [];
    port.postMessage({ id, answer } satisfies Reply, transfer);
  } catch (error) {
    port.postMessage({ id, failure: failureOf(error) } satisfies Reply);
  } finally {
    flags.jobAnswered();
    tidy.afterWork();
  }
}
