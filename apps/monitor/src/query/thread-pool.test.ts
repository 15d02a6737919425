import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@paddlewatch/model';
import { type Job, QueryFailure, type Reply, type Request } from './job.ts';
import { type PoolOptions, ThreadPool } from './thread-pool.ts';

const job = (query: string): Job => ({ kind: 'instant', query, time: 0, limit: 0 });
const bytes = { bytes: new Uint8Array(0) };

/** A pool whose threads are steered by the test. */
function pool(limits: Partial<PoolOptions> = {}) {
  const clock = new SimulatedClock();
  const threads: {
    got: Request[];
    canceled: number[];
    ended: boolean;
    reply(reply: Reply): void;
    die(error: Error): void;
  }[] = [];
  const instance = new ThreadPool({
    clock,
    minThreads: 1,
    maxThreads: 2,
    company: 1,
    idle: 30_000,
    queueLimit: 3,
    ...limits,
    spawn: ({ onReply, onDeath }) => {
      const thread = {
        got: [] as Request[],
        canceled: [] as number[],
        ended: false,
        reply: onReply,
        die: onDeath,
      };
      threads.push(thread);
      return {
        post: (request) => thread.got.push(request),
        cancel: (id) => thread.canceled.push(id),
        terminate: async () => {
          thread.ended = true;
        },
      };
    },
  });
  const run = (query: string, signal?: AbortSignal) =>
    instance.run(job(query), { shape: 'bytes', timeout: 10_000, signal });
  const answer = (i: number) => threads[i]!.reply({ id: threads[i]!.got.at(-1)!.id, answer: bytes });
  return { clock, threads, instance, run, answer };
}

const failure = (kind: string) => (error: unknown) => error instanceof QueryFailure && error.kind === kind;

test('a rush makes threads up to the bound, the rest waits in order, idle ones go', async () => {
  const { clock, threads, instance, run, answer } = pool();
  const jobs = ['a', 'b', 'c', 'd'].map((query) => run(query));
  assert.deepEqual([threads.length, instance.waiting, instance.busy], [1, 3, 1]);
  await clock.advance(1000);
  assert.deepEqual([threads.length, instance.waiting, instance.busy], [2, 2, 2]);
  answer(1);
  await jobs[1];
  assert.equal((threads[1]!.got[1]!.job as { query: string }).query, 'c');
  assert.deepEqual([threads[1]!.got[1]!.waited, threads[1]!.got[1]!.timeout], [1000, 9000]);
  answer(0);
  answer(0);
  answer(1);
  await Promise.all(jobs);
  await clock.advance(30_000);
  assert.equal(threads.filter(({ ended }) => ended).length, 1);
});

test('without standing threads the first job makes one at once', async () => {
  const { clock, threads, run, answer } = pool({ minThreads: 0 });
  const first = run('a');
  assert.equal(threads.length, 1);
  answer(0);
  await first;
  await clock.advance(30_000);
  assert.ok(threads[0]!.ended);
});

test('a long job gets company, which stays as long as there are long jobs', async () => {
  const { clock, threads, instance, run, answer } = pool({ company: 2 });
  for (let i = 0; i < 3; i++) {
    const long = run('long');
    await clock.advance(400);
    assert.deepEqual([threads.length, instance.threads, instance.busy], [2, 2, 1]);
    answer(0);
    await long;
    await clock.advance(20_000);
  }
  const short = run('short');
  answer(0);
  await short;
  await clock.advance(30_000);
  assert.deepEqual([threads.length, instance.threads], [2, 1]);
});

test('more than the line holds is turned away', async () => {
  const { run, instance } = pool({ maxThreads: 1 });
  const running = ['a', 'b', 'c', 'e'].map((query) => run(query));
  assert.throws(() => run('d'), failure('timeout'));
  const results = Promise.allSettled(running);
  await instance.close();
  assert.ok((await results).every(({ status }) => status === 'rejected'));
});

test('a caller that hangs up leaves the line, or its thread is told to stop', async () => {
  const { run, threads, answer, instance } = pool({ maxThreads: 1 });
  const first = new AbortController();
  const second = new AbortController();
  const running = run('a', first.signal);
  const waiting = run('b', second.signal);
  second.abort();
  await assert.rejects(waiting, failure('canceled'));
  assert.equal(instance.waiting, 0);
  first.abort();
  await assert.rejects(running, failure('canceled'));
  assert.deepEqual(threads[0]!.canceled, [threads[0]!.got[0]!.id]);
  const next = run('c');
  answer(0);
  answer(0);
  await next;
});

test('a job ends with its time; a thread that does not notice is ended and replaced', async () => {
  const { clock, run, threads, answer } = pool({ maxThreads: 1 });
  const stuck = run('a');
  stuck.catch(() => {});
  await clock.advance(10_000);
  await assert.rejects(stuck, failure('timeout'));
  await clock.advance(5_000);
  assert.deepEqual([threads.length, threads[0]!.ended], [2, true]);
  const next = run('b');
  answer(1);
  await next;
});

test('a thread that dies fails its job and nothing else', async () => {
  const { run, threads, answer } = pool({ maxThreads: 1 });
  const doomed = run('a');
  const next = run('b');
  threads[0]!.die(new Error('out of memory'));
  await assert.rejects(doomed, /ended its thread: out of memory/);
  answer(1);
  await next;
});

test('a pool that is closed leaves no timer behind that would hold the process', async () => {
  const { clock, run, answer, instance } = pool();
  const jobs = Promise.allSettled(['a', 'b', 'c'].map((query) => run(query)));
  await clock.advance(1000);
  answer(1);
  answer(1); // The second thread is idle now and waits to be retired.
  const hangUp = new AbortController();
  const dropped = run('d', hangUp.signal);
  hangUp.abort();
  await assert.rejects(dropped, failure('canceled'));
  await instance.close();
  await jobs;
  assert.equal(clock.pending, 0);
});
