import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { labelsFrom } from '@paddlewatch/model';
import { createEngine, MemoryStorage, type Piecework, QueryError } from '@paddlewatch/promql';
import { Colleagues } from './colleagues.ts';
import { ThreadFlags } from './thread-flags.ts';

const engine = createEngine();

/** 200 targets with three series of 200 samples each. */
function fleet(): MemoryStorage {
  const storage = new MemoryStorage();
  for (let i = 0; i < 600; i++) {
    const instance = `pod-${i % 200}`;
    const series = storage.series(labelsFrom({ __name__: 'load', instance, part: `${i % 3}` }));
    for (let k = 0; k < 200; k++) series.push(k * 15_000, i);
  }
  return storage;
}

/** Work of a real query that nobody has begun. */
async function workOf(query: string, storage: MemoryStorage): Promise<Piecework> {
  let found: Piecework | undefined;
  const partner = (work: Piecework) => {
    found = work;
    return undefined;
  };
  await engine.range({ query, start: 0, end: 3_000_000, step: 15_000, partner }, storage);
  return found!;
}

/** A thread with a query and an idle one; here both live in one thread, which changes nothing in what they say. */
async function office({ lends = true } = {}) {
  const storage = fleet();
  const work = await workOf('sum by (part) (load)', storage);
  const { port1, port2 } = new MessageChannel();
  const [asking, idle] = [new ThreadFlags(), new ThreadFlags()];
  const asker = new Colleagues(engine, storage, asking);
  asker.meet({ port: port1, flags: idle.words, lends });
  new Colleagues(engine, storage, idle).meet({ port: port2, flags: asking.words, lends: false });
  return { work, asking, idle, ask: () => asker.partnerFor(7)(work), end: () => port2.close() };
}

test('an idle colleague does the pieces that are left and is free again', async () => {
  const { work, idle, ask, end } = await office();
  const { subtotals, used } = await ask()!;
  assert.deepEqual(
    subtotals[0]!.groups,
    ['0', '1', '2'].map((part) => ['part', part]),
  );
  assert.equal(used.queryable, 600 * 201);
  assert.equal(work.board[0]! > 63, true);
  assert.equal(idle.lend(), true);
  end();
});

test('nobody is asked who has a job, is taken, is still starting, or does not lend', async () => {
  const { idle, ask, end } = await office();
  idle.jobSent();
  assert.equal(ask(), undefined);
  idle.jobAnswered();
  assert.equal(idle.lend(), true);
  assert.equal(ask(), undefined);
  end();
  assert.equal(ThreadFlags.ofNewThread().lend(), false);
  const other = await office({ lends: false });
  assert.equal(other.ask(), undefined);
  other.end();
});

test('a job of his own calls a colleague away: the pieces stay on the board', async () => {
  const { work, idle, ask, end } = await office();
  const asked = ask()!;
  idle.jobSent();
  assert.deepEqual((await asked).subtotals, []);
  assert.equal(work.board[0], 0);
  end();
});

test('a job that is canceled is canceled for the colleague too', async () => {
  const { asking, ask, end } = await office();
  asking.cancel(7);
  await assert.rejects(ask()!, (error) => error instanceof QueryError && error.kind === 'canceled');
  end();
});

test('a colleague who ends leaves nobody waiting', async () => {
  const { idle, ask, end } = await office();
  end();
  await assert.rejects(ask()!, /the other thread ended/);
  idle.giveBack();
  assert.equal(ask(), undefined);
});
