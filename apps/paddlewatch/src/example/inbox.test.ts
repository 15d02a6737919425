import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { openInbox } from './inbox.ts';

const secret = 'SEC-test';

async function post(url: string, body: object): Promise<{ errcode?: number }> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<{
    errcode?: number;
  }>;
}

test('a robot takes only what is signed', async () => {
  const inbox = await openInbox(secret, () => {});
  const now = String(Date.now());
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  const message = { msgtype: 'markdown', markdown: { title: '[FIRING] X', text: 'X is slow' } };
  const right = await post(
    `${inbox.url}/robot/send?timestamp=${now}&sign=${encodeURIComponent(sign)}`,
    message,
  );
  const wrong = await post(`${inbox.url}/robot/send?timestamp=${now}&sign=AAAA`, message);
  await inbox.close();
  assert.equal(right.errcode, 0);
  assert.equal(wrong.errcode, 310000);
  assert.deepEqual(
    inbox.deliveries.map(({ channel, status, text }) => [channel, status, text]),
    [['dingtalk', 'firing', 'X is slow']],
  );
});

test('waiting hears what came and what comes, and stops when told', async () => {
  const inbox = await openInbox(secret, () => {});
  const stop = new AbortController();
  const resolved = inbox.wait(({ status }) => status === 'resolved', stop.signal);
  await post(`${inbox.url}/webhook`, {
    status: 'resolved',
    alerts: [{ labels: { alertname: 'A' }, annotations: {} }],
  });
  assert.deepEqual((await resolved).alerts, ['A']);
  assert.deepEqual((await inbox.wait(({ channel }) => channel === 'webhook', stop.signal)).alerts, ['A']);
  const never = inbox.wait(({ status }) => status === 'firing', stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(never, /enough/);
  await inbox.close();
});
