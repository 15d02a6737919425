import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from './job.ts';
import { warmUp } from './warm-up.ts';

function bench(perQuestion: number, questions: number) {
  const asked: Job[] = [];
  const pauses: number[] = [];
  let now = 0;
  const options = {
    questions: Array.from(
      { length: questions },
      (_, time): Job => ({
        ...{ kind: 'instant', query: 'up', time, limit: 0 },
      }),
    ),
    share: 0.2,
    async ask(job: Job) {
      asked.push(job);
      now += perQuestion;
    },
    elapsed: () => now,
    stopped: () => false,
    busy: () => false,
    pause: async (ms: number) => void pauses.push(ms),
  };
  return { asked, pauses, options };
}

test('questions that take little are asked again', async () => {
  const { asked, options } = bench(1, 3);
  await warmUp(options);
  assert.equal(asked.length, 150);
  assert.deepEqual(asked.slice(0, 4), [...options.questions, options.questions[0]]);
});

test('it soon takes its share of the time, ends, and when the server does', async () => {
  const slow = bench(200, 20);
  await warmUp(slow.options);
  assert.equal(slow.asked.length, 8);
  assert.deepEqual(slow.pauses.slice(0, 5), [0, 0, 0, 800, 800]);
  const ending = bench(1, 20);
  await warmUp({ ...ending.options, stopped: () => ending.asked.length === 2 });
  assert.equal(ending.asked.length, 2);
});

test('it waits while callers ask', async () => {
  const { asked, pauses, options } = bench(1, 3);
  let callers = 5;
  await warmUp({ ...options, busy: () => asked.length === 2 && callers-- > 0 });
  assert.deepEqual(pauses.slice(0, 9), [0, 0, 0, 50, 50, 50, 50, 50, 0]);
  assert.equal(asked.length, 150);
});
