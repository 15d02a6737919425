import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom, labelsToRecord, withLabel } from '@paddlewatch/model';
import type { AlertmanagerTarget } from './alertmanager.ts';
import { Notifier } from './notifier.ts';
import { type OutgoingAlert, outgoingAlert } from './outgoing-alert.ts';

const alert = (name: string): OutgoingAlert => ({
  labels: labelsFrom({ alertname: name }),
  annotations: { summary: 's' },
  startsAt: 1_000,
  endsAt: 241_000,
  generatorUrl: 'http://watch/graph',
});

/** A receiver that notes what it is sent, and answers when it is told to. */
function receiver(url: string, status = 200) {
  const bodies: Record<string, unknown>[][] = [];
  let open: () => void = () => {};
  const gate = { hold: false };
  const target: AlertmanagerTarget = {
    url,
    relabel: (labels) => labels,
    post: async (_url, body) => {
      if (gate.hold) await new Promise<void>((resolve) => (open = resolve));
      bodies.push(JSON.parse(body));
      return { status, text: 'no' };
    },
  };
  return { target, bodies, gate, release: () => open() };
}

function notifier(limits: { queueCapacity?: number; batchSize?: number } = {}) {
  const dropped: [string, number, string][] = [];
  const sent: [string, number][] = [];
  const instance = new Notifier({
    queueCapacity: 10_000,
    batchSize: 256,
    ...limits,
    elapsed: () => 0,
    onSent: (url, count) => sent.push([url, count]),
    onDropped: (url, count, reason) => dropped.push([url, count, reason]),
  });
  return { instance, dropped, sent };
}

test('an alert goes out in the API’s shape, external labels where they are absent, relabelled', async () => {
  const { instance } = notifier();
  const to = receiver('http://a');
  instance.configure({
    externalLabels: { cluster: 'c', alertname: 'never' },
    relabel: (labels) =>
      labelsToRecord(labels)['alertname'] === 'Drop' ? undefined : withLabel(labels, 'x', 'y'),
  });
  instance.setTargets([to.target]);
  instance.send([alert('A'), alert('Drop')]);
  await instance.drain();
  assert.deepEqual(to.bodies, [
    [
      {
        labels: { alertname: 'A', cluster: 'c', x: 'y' },
        annotations: { summary: 's' },
        startsAt: '1970-01-01T00:00:01.000Z',
        endsAt: '1970-01-01T00:04:01.000Z',
        generatorURL: 'http://watch/graph',
      },
    ],
  ]);
});

test('a receiver that fails or hangs does not hold up another', async () => {
  const { instance, dropped, sent } = notifier();
  const [good, bad, slow] = [receiver('http://good'), receiver('http://bad', 500), receiver('http://slow')];
  slow.gate.hold = true;
  instance.setTargets([slow.target, bad.target, good.target]);
  instance.send([alert('A')]);
  await new Promise(setImmediate);
  assert.equal(good.bodies.length, 1);
  assert.deepEqual(dropped, [['http://bad', 1, 'failed']]);
  assert.deepEqual(sent, [['http://good', 1]]);
  slow.release();
  await instance.drain();
  assert.equal(sent.length, 2);
});

test('batches are bounded, and of a full line the oldest alerts go', async () => {
  const { instance, dropped } = notifier({ queueCapacity: 4, batchSize: 3 });
  const to = receiver('http://a');
  to.gate.hold = true;
  instance.setTargets([to.target]);
  instance.send([alert('first')]);
  instance.send(['1', '2', '3', '4', '5', '6'].map(alert));
  assert.deepEqual(dropped, [['http://a', 2, 'full']]);
  to.gate.hold = false;
  to.release();
  await instance.drain();
  const names = to.bodies.map((body) =>
    body.map(({ labels }) => (labels as { alertname: string }).alertname),
  );
  assert.deepEqual(names, [['first'], ['3', '4', '5'], ['6']]);
});

test('an alert says where it comes from, and until when it is valid', () => {
  const base = {
    labels: labelsFrom({ alertname: 'A' }),
    annotations: {},
    state: 'firing' as const,
    value: 1,
    activeAt: 1,
    firedAt: 2,
    keepFiringSince: undefined,
    lastSentAt: undefined,
    validUntil: 9,
  };
  const firing = outgoingAlert({ ...base, resolvedAt: undefined }, 'up == 0 (*)', 'http://w');
  assert.deepEqual([firing.startsAt, firing.endsAt], [2, 9]);
  assert.equal(firing.generatorUrl, 'http://w/graph?g0.expr=up+%3D%3D+0+%28%2A%29&g0.tab=1');
  assert.equal(outgoingAlert({ ...base, resolvedAt: 5 }, 'x', '').endsAt, 5);
});
