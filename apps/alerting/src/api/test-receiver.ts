import { labelsFrom } from '@paddlewatch/model';
import { fingerprint } from '../alerts/fingerprint.ts';
import type { App } from '../app.ts';
import { attemptEvent } from '../history/event.ts';
import type { Attempt } from '../notify/deliver.ts';
import type { Notification } from '../notify/notification.ts';
import type { Integration } from '../notify/pipeline.ts';
import { ApiError } from './api-error.ts';

/** A test message has this long to arrive, milliseconds. */
const timeout = 10_000;

/** Sends one message that says it is a test by every channel of a receiver, once, and tells what became of each. */
export async function testReceiver(app: App, receiver: string) {
  const integrations = app.assembly.integrations.get(receiver);
  if (!integrations) throw new ApiError(404, `no receiver is named "${receiver}"`);
  const notification = testNotification(app, receiver);
  const results = await Promise.all(integrations.map((integration) => send(app, integration, notification)));
  return { status: 'success', data: { results } };
}

async function send(app: App, integration: Integration, notification: Notification) {
  const startedAt = app.clock.now();
  const error = await integration.channel.send(notification, AbortSignal.timeout(timeout)).then(
    () => undefined,
    (fault: Error) => fault.message,
  );
  const attempt: Attempt = {
    ...{
      number: 1,
      outcome: error === undefined ? 'sent' : 'failed',
      durationMs: app.clock.now() - startedAt,
    },
    error,
  };
  app.history.append(attemptEvent(integration, notification, attempt, app.clock.now()));
  const { outcome, durationMs } = attempt;
  return { integration: integration.name, channel: integration.channel.kind, outcome, durationMs, error };
}

function testNotification(app: App, receiver: string): Notification {
  const now = app.clock.now();
  const labels = labelsFrom({ alertname: 'PaddlewatchTest', severity: 'info' });
  const alert = {
    labels,
    fingerprint: fingerprint(labels),
    annotations: { summary: '这是一条测试消息 This is a test message', description: `receiver ${receiver}` },
    generatorURL: '',
    ...{ startsAt: now, endsAt: now + timeout, updatedAt: now, receivedAt: now, timeout: false },
  };
  return {
    receiver,
    groupKey: '{}:{alertname="PaddlewatchTest"}',
    groupLabels: labelsFrom({ alertname: 'PaddlewatchTest' }),
    routeLabels: {},
    reason: 'test',
    externalUrl: app.externalUrl,
    alerts: [{ alert, resolved: false }],
  };
}
