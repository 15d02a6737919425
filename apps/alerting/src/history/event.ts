import { labelsToRecord, labelValue } from '@paddlewatch/model';
import type { Alert } from '../alerts/alert.ts';
import type { Attempt } from '../notify/deliver.ts';
import type { Notification } from '../notify/notification.ts';
import type { Flush, Held, Integration } from '../notify/pipeline.ts';

/** Something that happened to an alert or to a notification; what the history API answers, less the id. */
export interface HistoryEvent {
  /** RFC 3339. */
  readonly at: string;
  readonly kind: 'transition' | 'notification';
  readonly alertname: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the alert; of a notification only where it tells of one alert. */
  readonly fingerprint?: string;
  readonly from?: string;
  readonly to?: string;
  readonly receiver?: string;
  readonly channel?: string;
  readonly groupKey?: string;
  readonly outcome?: 'sent' | 'retrying' | 'failed' | 'suppressed';
  readonly attempt?: number;
  readonly reason?: string;
  readonly error?: string;
  readonly durationMs?: number;
  /** How many alerts a notification tells of. */
  readonly firing?: number;
  readonly resolved?: number;
}

export function transitionEvent(
  alert: Alert,
  to: 'firing' | 'inactive',
  at: number,
  reason: string,
): HistoryEvent {
  return {
    at: new Date(at).toISOString(),
    kind: 'transition',
    alertname: labelValue(alert.labels, 'alertname'),
    labels: labelsToRecord(alert.labels),
    fingerprint: alert.fingerprint,
    from: to === 'firing' ? 'inactive' : 'firing',
    to,
    reason,
  };
}

export function attemptEvent(
  { receiver, channel }: Integration,
  notification: Notification,
  { number, outcome, durationMs, error }: Attempt,
  at: number,
): HistoryEvent {
  const { groupKey, reason, alerts } = notification;
  return {
    ...groupFields(notification, at),
    ...counts(alerts),
    ...{ receiver, channel: channel.kind, groupKey, outcome, attempt: number, reason, durationMs, error },
  };
}

/** One event for all alerts of a flush that the same thing held back. */
export function heldEvent(flush: Flush, reason: string, held: readonly Held[], at: number): HistoryEvent {
  const alerts = held.map(({ alert }) => alert);
  return {
    ...groupFields({ groupLabels: flush.groupLabels, alerts }, at),
    ...counts(alerts),
    ...{ receiver: flush.route.receiver, groupKey: flush.groupKey, outcome: 'suppressed' as const, reason },
  };
}

function groupFields({ groupLabels, alerts }: Pick<Notification, 'groupLabels' | 'alerts'>, at: number) {
  const names = new Set(alerts.map(({ alert }) => labelValue(alert.labels, 'alertname')));
  const only = alerts.length === 1 ? alerts[0]!.alert : undefined;
  return {
    at: new Date(at).toISOString(),
    kind: 'notification' as const,
    alertname: names.size === 1 ? [...names][0]! : '',
    labels: labelsToRecord(only?.labels ?? groupLabels),
    ...(only && { fingerprint: only.fingerprint }),
  };
}

function counts(alerts: Notification['alerts']) {
  const resolved = alerts.filter((alert) => alert.resolved).length;
  return { firing: alerts.length - resolved, resolved };
}
