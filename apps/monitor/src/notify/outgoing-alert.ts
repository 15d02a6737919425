import { type Labels, labelsToRecord } from '@paddlewatch/model';
import type { Alert } from '../rules/alert.ts';

/** An alert as Alertmanager's API takes it. */
export interface OutgoingAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly generatorUrl: string;
}

export function outgoingAlert(alert: Alert, query: string, externalUrl: string): OutgoingAlert {
  return {
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: alert.firedAt ?? alert.activeAt,
    endsAt: alert.resolvedAt ?? alert.validUntil,
    generatorUrl: `${externalUrl}/graph?g0.expr=${queryEscape(query)}&g0.tab=1`,
  };
}

/** The body of a POST to `/api/v2/alerts`. */
export function encodeAlerts(alerts: readonly OutgoingAlert[]): string {
  return JSON.stringify(
    alerts.map(({ labels, annotations, startsAt, endsAt, generatorUrl }) => ({
      labels: labelsToRecord(labels),
      annotations,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
      generatorURL: generatorUrl,
    })),
  );
}

/** As Go's url.QueryEscape: everything but letters, digits and `-_.~`, a blank as `+`. */
function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
