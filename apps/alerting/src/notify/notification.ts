import { type Labels, labelsToRecord } from '@paddlewatch/model';
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
  return common(alerts.map(({ alert }) => labelsToRecord(alert.labels)));
}

export function commonAnnotations({ alerts }: Notification): Record<string, string> {
  return common(alerts.map(({ alert }) => alert.annotations));
}

function common(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const shared = { ...records[0] };
  for (const record of records)
    for (const name of Object.keys(shared)) if (record[name] !== shared[name]) delete shared[name];
  return shared;
}
