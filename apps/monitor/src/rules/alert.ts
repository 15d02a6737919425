import type { Labels } from '@paddlewatch/model';

export type AlertState = 'inactive' | 'pending' | 'firing';

/** One alert: an element that a rule's query returned, and what became of it. Times are ms since the epoch. */
export interface Alert {
  readonly labels: Labels;
  annotations: Readonly<Record<string, string>>;
  state: AlertState;
  value: number;
  /** First evaluation that saw it. */
  activeAt: number;
  firedAt: number | undefined;
  /** First evaluation that missed it while it should keep firing. */
  keepFiringSince: number | undefined;
  resolvedAt: number | undefined;
  lastSentAt: number | undefined;
  /** When receivers shall take it for resolved if they hear no more. */
  validUntil: number;
}

/** A resolved alert is kept so long, for resends. */
export const resolvedRetention = 15 * 60_000;

/** Whether the Alertmanagers have to hear of it now: news at once, the rest every `resendDelay`. */
export function needsSending(alert: Alert, now: number, resendDelay: number): boolean {
  if (alert.state === 'pending') return false;
  const lastSent = alert.lastSentAt ?? -Infinity;
  if ((alert.resolvedAt ?? -Infinity) > lastSent) return true;
  return lastSent + resendDelay < now;
}

/** What the state machine tells: an alert went from one state to another. */
export interface Transition {
  readonly at: number;
  readonly alertname: string;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  readonly from: AlertState;
  readonly to: AlertState;
}
