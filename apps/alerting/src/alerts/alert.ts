import { compareLabels, type Labels, labelValue } from '@paddlewatch/model';

/** One alert as it stands; a newer state replaces it as a whole. Times are milliseconds since the epoch. */
export interface Alert {
  readonly labels: Labels;
  /** 16 hex digits that name the label set. */
  readonly fingerprint: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly generatorURL: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly updatedAt: number;
  /** When its label set was first heard of since it was last forgotten: group_wait counts from here. */
  readonly receivedAt: number;
  /** The sender named no end, so `endsAt` is a guess: now + resolve_timeout. */
  readonly timeout: boolean;
}

export function isResolved(alert: Alert, now: number): boolean {
  return alert.endsAt <= now;
}

/** The order in which notifications list alerts: by job, instance, then all labels. */
export function compareAlerts(a: Alert, b: Alert): number {
  for (const name of ['job', 'instance']) {
    const [first, second] = [labelValue(a.labels, name), labelValue(b.labels, name)];
    if (first !== second) return first < second ? -1 : 1;
  }
  return compareLabels(a.labels, b.labels);
}
