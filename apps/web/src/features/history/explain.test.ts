import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEvent } from '../../api/history.ts';
import { en } from '../../words/en.ts';
import { zh } from '../../words/zh.ts';
import { explain, reasonText } from './explain.ts';

const event = { id: 1, at: '', alertname: 'A', labels: {}, fingerprint: '' };
const sent: HistoryEvent = {
  ...event,
  kind: 'notification',
  receiver: 'ops',
  channel: 'dingtalk',
  outcome: 'sent',
  attempt: 2,
  durationMs: 184,
  reason: 'first notification',
};

test('a notification says to whom, how, why, and after how much trouble', () => {
  assert.equal(
    explain(sent, en),
    'to ops via dingtalk because it was the first notification of this group · attempt 2 · took 184 ms',
  );
  assert.equal(
    explain(sent, zh),
    '发给 ops，通过 dingtalk，原因：该组的第一次通知 · 第 2 次尝试 · 用时 184 毫秒',
  );
});

test('an alert that ended before it fired says that nobody was told', () => {
  const ended: HistoryEvent = { ...event, kind: 'transition', from: 'pending', to: 'inactive' };
  assert.equal(explain(ended, en), en.history.became.inactivePending);
});

test('a reason that the page does not know is shown as it was written', () => {
  assert.equal(reasonText('silenced by 1234', zh.history), '被静默匹配（1234）');
  assert.equal(reasonText('the moon was full', zh.history), 'the moon was full');
});
