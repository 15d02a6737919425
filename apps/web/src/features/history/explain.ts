import type { HistoryEvent } from '../../api/history.ts';
import type { Words } from '../../words/en.ts';

type Reason = keyof Words['history']['reasons'];

/** Reasons as alerting writes them; what is captured (a silence, an alert, an interval) is told along. */
const reasons: readonly [pattern: RegExp, reason: Reason][] = [
  [/^first notification/, 'first'],
  [/^new alerts added/, 'newAlerts'],
  [/^some alerts resolved/, 'someResolved'],
  [/^all alerts resolved/, 'allResolved'],
  [/^repeat interval elapsed/, 'repeat'],
  [/^silenced by (.+)$/, 'silenced'],
  [/^inhibited by alert (.+)$/, 'inhibited'],
  [/^muted by the time interval (.+)$/, 'muted'],
  [/^outside of the active time intervals (.+)$/, 'inactiveTime'],
];

/** A reason in the reader's language; one that is not known is shown as it was written. */
export function reasonText(reason: string, words: Words['history']): string {
  for (const [pattern, name] of reasons) {
    const match = pattern.exec(reason);
    if (match) return words.reasons[name](match[1] ?? '');
  }
  return reason;
}

/** One sentence that says what happened and why: the answer to «why was I (not) notified?». */
export function explain(event: HistoryEvent, words: Words): string {
  return event.kind === 'transition'
    ? explainTransition(event, words.history)
    : explainNotification(event, words);
}

function explainTransition({ from, to, reason }: HistoryEvent, { became }: Words['history']): string {
  if (reason === 'its sender fell silent') return became.silent;
  if (to === 'inactive' && from === 'pending') return became.inactivePending;
  if (to === 'pending' || to === 'firing' || to === 'inactive' || to === 'resolved') return became[to];
  return `${from ?? '?'} → ${to ?? '?'}`;
}

function explainNotification(event: HistoryEvent, { history, time }: Words): string {
  const { receiver, channel, reason, firing = 0, resolved = 0, attempt = 1, durationMs } = event;
  const told: string[] = [];
  if (receiver) told.push(history.toReceiver(receiver));
  if (channel) told.push(history.via(channel));
  if (reason) told.push(history.because(reasonText(reason, history)));
  const facts: string[] = [told.join(history.joint)];
  if (firing + resolved > 1) facts.push(history.tells(firing, resolved));
  if (attempt > 1) facts.push(history.attempt(attempt));
  if (durationMs !== undefined) facts.push(history.took(time.span(durationMs)));
  return facts.filter(Boolean).join(' · ');
}
