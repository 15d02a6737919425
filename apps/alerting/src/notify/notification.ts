import { type Labels, labelsToRecord, labelValue } from '@paddlewatch/model';
import type { Alert } from '../alerts/alert.ts';

/** An alert as a group's flush sees it: firing or resolved at that moment, whatever time goes by while it is sent. */
export interface NotifiedAlert {
  readonly alert: Alert;
  readonly resolved: boolean;
}

/** Why a notification goes out. */
export type Reason =
  | 'first notification'
  | 'new alerts added to group'
  | 'some alerts resolved'
  | 'all alerts resolved'
  | 'repeat interval elapsed'
  | 'test';

/** What a channel is asked to tell. */
export interface Notification {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly routeLabels: Readonly<Record<string, string>>;
  readonly reason: Reason;
  readonly externalUrl: string;
  /** In the order of compareAlerts; never empty. */
  readonly alerts: readonly NotifiedAlert[];
}

export function statusOf({ alerts }: Notification): 'firing' | 'resolved' {
  return alerts.every(({ resolved }) => resolved) ? 'resolved' : 'firing';
}

export function commonLabels({ alerts }: Notification): Record<string, string> {
  const shared = labelsToRecord(alerts[0]!.alert.labels);
  for (const { alert } of alerts)
    for (const name of Object.keys(shared))
      if (labelValue(alert.labels, name) !== shared[name]) delete shared[name];
  return shared;
}

export function commonAnnotations({ alerts }: Notification): Record<string, string> {
  const shared = { ...alerts[0]!.alert.annotations };
  for (const { alert } of alerts)
    for (const name of Object.keys(shared)) if (alert.annotations[name] !== shared[name]) delete shared[name];
  return shared;
}
