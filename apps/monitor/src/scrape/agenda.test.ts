import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@paddlewatch/model';
import { Agenda } from './agenda.ts';

test('calls in order of time, then of asking, over one timer for each time', async () => {
  const clock = new SimulatedClock();
  const agenda = new Agenda(clock);
  const called: string[] = [];
  const note = (name: string) => () => called.push(`${name} ${clock.now()}`);
  agenda.at(20, note('a'));
  agenda.at(10, note('b'));
  agenda.at(20, note('c'));
  assert.equal(clock.pending, 2);
  await clock.advance(30);
  assert.deepEqual(called, ['b 10', 'a 20', 'c 20']);
});

test('what is cancelled is not called, and leaves no timer behind', async () => {
  const clock = new SimulatedClock();
  const agenda = new Agenda(clock);
  const called: string[] = [];
  const cancels = ['a', 'b', 'c'].map((name) => agenda.at(10, () => called.push(name)));
  cancels[0]!();
  await clock.advance(10);
  assert.deepEqual(called, ['b', 'c']);
  cancels[1]!();
  const again = agenda.at(10, () => called.push('again'));
  cancels[2]!();
  assert.equal(clock.pending, 1);
  again();
  assert.equal(clock.pending, 0);
});

test('a call may cancel the next one', async () => {
  const clock = new SimulatedClock();
  const agenda = new Agenda(clock);
  let cancel = () => {};
  agenda.at(10, () => cancel());
  cancel = agenda.at(10, () => assert.fail('it was cancelled'));
  await clock.advance(10);
});
