import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@paddlewatch/model';
import { SendError } from './channel.ts';
import { Robot, type RobotMessage } from './robot.ts';
import { byteLength } from './text-bytes.ts';

const never = new AbortController().signal;
const message = (n: number, mobile = ''): RobotMessage => ({
  ...{ title: `t${n}`, text: `text ${n}` },
  mention: { mobiles: mobile ? [mobile] : [], users: [], all: false },
});

test('what comes faster than the robot may send waits, and goes out as one digest', async () => {
  const clock = new SimulatedClock(0);
  const robot = new Robot({ perMinute: 3, maxBytes: 1000 }, clock);
  const posted: { at: number; message: RobotMessage; digest: boolean }[] = [];
  const post = async (sent: RobotMessage, digest: boolean) => {
    posted.push({ at: clock.now(), message: sent, digest });
  };
  const sends = Array.from({ length: 8 }, (_, i) => robot.send(message(i, `1380000000${i}`), post, never));
  await clock.advance(59_999);
  assert.equal(posted.length, 3);
  await clock.advance(1);
  await Promise.all(sends);
  assert.equal(posted.length, 4);
  const last = posted[3]!;
  assert.equal(last.digest, true);
  assert.match(last.message.title, /DIGEST:5/);
  for (const n of [3, 4, 5, 6, 7]) assert.match(last.message.text, new RegExp(`text ${n}`));
  assert.equal(last.message.mention.mobiles.length, 5);
});

test('a digest has the bytes it may have', async () => {
  const clock = new SimulatedClock(0);
  const robot = new Robot({ perMinute: 1, maxBytes: 2000 }, clock);
  const posted: RobotMessage[] = [];
  const post = async (sent: RobotMessage) => void posted.push(sent);
  const long = { ...message(1), text: '很长的告警'.repeat(60) };
  const sends = Array.from({ length: 12 }, () => robot.send(long, post, never));
  await clock.advance(120_000);
  await Promise.all(sends);
  assert.equal(posted.length, 2);
  assert(byteLength(posted[1]!.text) <= 2000);
});

test('a chat that says «too fast» is left alone for as long as it asks', async () => {
  const clock = new SimulatedClock(0);
  const robot = new Robot({ perMinute: 20, maxBytes: 1000 }, clock);
  const tooFast = async () => {
    throw new SendError('too fast', { retryable: true, retryAfter: 60_000 });
  };
  await assert.rejects(robot.send(message(1), tooFast, never), /too fast/);
  const times: number[] = [];
  const sending = robot.send(message(2), async () => void times.push(clock.now()), never);
  await clock.advance(60_000);
  await sending;
  assert.deepEqual(times, [60_000]);
});

test('a message whose time is up leaves the queue', async () => {
  const clock = new SimulatedClock(0);
  const robot = new Robot({ perMinute: 1, maxBytes: 1000 }, clock);
  const posted: RobotMessage[] = [];
  const post = async (sent: RobotMessage) => void posted.push(sent);
  const deadline = new AbortController();
  await robot.send(message(1), post, never);
  const late = robot.send(message(2), post, deadline.signal);
  deadline.abort();
  await assert.rejects(late, /cannot send in time/);
  await clock.advance(120_000);
  assert.equal(posted.length, 1);
});
