import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from '@paddlewatch/promql';
import type { Job } from './job.ts';
import { warmUp } from './warm-up.ts';

function bench(perQuestion: number) {
  const asked: Job[] = [];
  const pauses: number[] = [];
  let now = 0;
  const options = {
    storage: {
      labelNames: async () => [],
      labelValues: async () => ['a_total', 'with "quotes" and 汉字'],
      series: async () => [],
    },
    newest: 1e12,
    async ask(job: Job) {
      asked.push(job);
      now += perQuestion;
    },
    elapsed: () => now,
    stopped: () => false,
    pause: async (ms: number) => void pauses.push(ms),
  };
  return { asked, pauses, options };
}

test('each name is asked for in ways that the engine understands', async () => {
  const { asked, options } = bench(1);
  await warmUp(options);
  const texts = asked.flatMap((job) => ('query' in job ? [job.query] : []));
  for (const text of texts) parseQuery(text);
  assert.ok(texts.some((text) => text.includes('a_total')) && texts.some((text) => text.includes('汉字')));
});

test('it soon takes a fifth of the time, ends, and when the server does; nothing is asked of an empty storage', async () => {
  const slow = bench(200);
  await warmUp(slow.options);
  assert.equal(slow.asked.length, 8);
  assert.deepEqual(slow.pauses.slice(0, 5), [0, 0, 0, 800, 800]);
  const ending = bench(1);
  await warmUp({ ...ending.options, stopped: () => ending.asked.length === 2 });
  assert.equal(ending.asked.length, 2);
  const empty = bench(1);
  await warmUp({ ...empty.options, newest: -Infinity });
  assert.equal(empty.asked.length, 0);
});
