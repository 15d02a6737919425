import type { Labels } from './frame.ts';
import { ask } from './request.ts';

export type EventKind = 'transition' | 'notification';
export type Outcome = 'sent' | 'retrying' | 'failed' | 'suppressed';

/** One line of the alert history: a state that changed, or one attempt to tell somebody. */
export interface HistoryEvent {
  id: number | string;
  /** RFC 3339. */
  at: string;
  kind: EventKind;
  /** Empty where a notification tells of alerts of several names. */
  alertname: string;
  labels: Labels;
  fingerprint?: string;
  from?: string;
  to?: string;
  receiver?: string;
  channel?: string;
  groupKey?: string;
  outcome?: Outcome;
  attempt?: number;
  reason?: string;
  error?: string;
  durationMs?: number;
  /** How many alerts a notification tells of. */
  firing?: number;
  resolved?: number;
}

export interface HistoryFilter {
  alertname?: string;
  kind?: EventKind;
}

/** Newest first; `next` is the `before` of the following page, absent on the last one. */
export interface HistoryPage {
  events: HistoryEvent[];
  next?: number | string;
}

const pageLength = 100;

export function history(
  filter: HistoryFilter,
  before: HistoryPage['next'],
  signal: AbortSignal,
): Promise<HistoryPage> {
  return ask('paddlewatch/v1/history', { limit: pageLength, before, ...filter }, signal);
}
