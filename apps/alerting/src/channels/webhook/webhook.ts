import { duration, secret } from '@paddlewatch/config';
import { labelsToRecord } from '@paddlewatch/model';
import { z } from 'zod';
import { httpConfig } from '../../config/http-client.ts';
import {
  commonAnnotations,
  commonLabels,
  type Notification,
  type NotifiedAlert,
  statusOf,
} from '../../notify/notification.ts';
import { rfc3339, zeroTime } from '../../rfc3339.ts';
import type { Channel, ChannelContext } from '../channel.ts';
import { postJson, readSecretFile } from '../http.ts';

export const webhookSchema = z
  .strictObject({
    send_resolved: z.boolean().default(true),
    url: secret.optional(),
    url_file: z.string().optional(),
    http_config: httpConfig.optional(),
    max_alerts: z.int().nonnegative().default(0).describe('0 for no limit'),
    timeout: duration.prefault('0s').describe('0 for the time that the flush has'),
  })
  .refine(({ url, url_file }) => Boolean(url) !== Boolean(url_file), 'write one of url and url_file');

export type WebhookConfig = z.output<typeof webhookSchema>;

/** Posts JSON, version 4 of Alertmanager's webhook format. */
export function webhookChannel(
  config: WebhookConfig,
  { global, http, templates, folder }: ChannelContext,
): Channel {
  if (config.url) templates.check(config.url.reveal());
  return {
    kind: 'webhook',
    sendResolved: config.send_resolved,
    async send(notification, signal) {
      const url = config.url?.reveal() ?? readSecretFile(config.url_file!, folder);
      await postJson(http, {
        url: templates.render(url, notification),
        body: JSON.stringify(webhookBody(notification, config.max_alerts)),
        signal: config.timeout > 0 ? AbortSignal.any([signal, AbortSignal.timeout(config.timeout)]) : signal,
        config: config.http_config ?? global.http_config,
      });
    },
  };
}

/** The keys stand in the order in which Alertmanager writes them. */
export function webhookBody(notification: Notification, maxAlerts: number) {
  const kept = maxAlerts > 0 ? notification.alerts.slice(0, maxAlerts) : notification.alerts;
  return {
    receiver: notification.receiver,
    status: statusOf(notification),
    alerts: kept.map(webhookAlert),
    notification_reason: notification.reason,
    groupLabels: labelsToRecord(notification.groupLabels),
    commonLabels: commonLabels(notification),
    commonAnnotations: commonAnnotations(notification),
    routeLabels: notification.routeLabels,
    externalURL: notification.externalUrl,
    version: '4',
    groupKey: notification.groupKey,
    truncatedAlerts: notification.alerts.length - kept.length,
  };
}

function webhookAlert({ alert, resolved }: NotifiedAlert) {
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: labelsToRecord(alert.labels),
    annotations: alert.annotations,
    startsAt: rfc3339(alert.startsAt),
    endsAt: resolved ? rfc3339(alert.endsAt) : zeroTime,
    generatorURL: alert.generatorURL,
    fingerprint: alert.fingerprint,
  };
}
