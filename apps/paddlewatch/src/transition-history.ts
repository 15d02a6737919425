import type { HistoryEvent } from '@paddlewatch/alerting';
import { labelsToRecord } from '@paddlewatch/model';
import type { Transition } from '@paddlewatch/monitor';

/** What a rule saw, as the history keeps it: alerting hears of alerts only when they fire, rules know `pending` too. */
export function transitionEvent({ at, alertname, labels, from, to }: Transition): HistoryEvent {
  return {
    at: new Date(at).toISOString(),
    kind: 'transition',
    alertname,
    labels: labelsToRecord(labels),
    from,
    to,
  };
}
