import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPolling, type Watched } from './polling.ts';

/** A document whose tab the test hides and shows. */
class Tab implements Watched {
  hidden = false;
  #hear = () => {};
  addEventListener(_: string, hear: () => void): void {
    this.#hear = hear;
  }
  removeEventListener(): void {
    this.#hear = () => {};
  }
  turn(hidden: boolean): void {
    this.hidden = hidden;
    this.#hear();
  }
}

/** Polls a server that answers when the test says so. */
function scene(everyMs: number) {
  const tab = new Tab();
  const asked: { signal: AbortSignal; answer: (data: number) => void }[] = [];
  const heard: unknown[] = [];
  const stop = startPolling<number>({
    load: (signal) => new Promise((answer) => asked.push({ signal, answer })),
    everyMs,
    onData: (data) => heard.push(data),
    onFault: (fault) => heard.push(fault),
    watched: tab,
  });
  return { tab, asked, heard, stop };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one question at a time, the next after the pause', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { asked, heard, stop } = scene(5000);
  t.mock.timers.tick(20_000);
  assert.equal(asked.length, 1);
  asked[0]!.answer(1);
  await settled();
  assert.deepEqual(heard, [1]);
  t.mock.timers.tick(5000);
  assert.equal(asked.length, 2);
  stop();
  assert.ok(asked[1]!.signal.aborted);
});

test('a hidden tab asks nothing, cancels what is under way, and asks at once when it shows', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { tab, asked, heard, stop } = scene(5000);
  tab.turn(true);
  assert.ok(asked[0]!.signal.aborted);
  asked[0]!.answer(1);
  await settled();
  t.mock.timers.tick(60_000);
  assert.deepEqual([asked.length, heard], [1, []]);
  tab.turn(false);
  assert.equal(asked.length, 2);
  stop();
});

test('without refresh one answer is enough, and a cancelled one is fetched again', async () => {
  const { tab, asked, stop } = scene(0);
  tab.turn(true);
  tab.turn(false);
  assert.equal(asked.length, 2);
  asked[1]!.answer(1);
  await settled();
  tab.turn(true);
  tab.turn(false);
  assert.equal(asked.length, 2);
  stop();
});

test('after an answer with next to nothing in it the next question follows in a second', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answers = [0, 0, 7, 7];
  const heard: number[] = [];
  const stop = startPolling({
    load: async () => answers[heard.length]!,
    everyMs: 5000,
    young: (data) => data === 0,
    onData: (data) => heard.push(data),
    onFault: (fault) => assert.fail(String(fault)),
    watched: new Tab(),
  });
  const settle = () => new Promise((done) => setImmediate(done));
  for (const [afterMs, count] of [
    [0, 1],
    [1000, 2],
    [1000, 3],
    [4999, 3],
    [1, 4],
  ] as const) {
    t.mock.timers.tick(afterMs);
    await settle();
    assert.equal(heard.length, count);
  }
  stop();
});
