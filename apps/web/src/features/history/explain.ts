import type { HistoryEvent } from '../../api/history.ts';
import type { Words } from '../../words/en.ts';

type Reason = keyof Words['history']['reasons'];

/** Reasons as alerting writes them (Alertmanager's words where it has some), by what is characteristic in their text. */
const reasons: readonly [pattern: RegExp, reason: Reason][] = [
  [/first notification/i, 'first'],
  [/new alerts? /i, 'newAlerts'],
  [/some alerts? resolved/i, 'someResolved'],
  [/all alerts? resolved/i, 'allResolved'],
  [/repeat.interval (elapsed|passed)/i, 'repeat'],
  [/silence/i, 'silenced'],
  [/inhibit/i, 'inhibited'],
  [/active.time|inactive/i, 'inactiveTime'],
  [/mute/i, 'muted'],
  [/send_resolved|not want.*resolved/i, 'resolvedUnwanted'],
  [/unchanged|nothing (has )?changed|dedup|already (sent|notified)/i, 'unchanged'],
];

/** A reason in the reader's language; one that is not known is shown as it was written. */
export function reasonText(reason: string, words: Words['history']): string {
  const known = reasons.find(([pattern]) => pattern.test(reason));
  return known ? words.reasons[known[1]] : reason;
}

/** One sentence that says what happened and why: the answer to «why was I (not) notified?». */
export function explain(event: HistoryEvent, words: Words): string {
  return event.kind === 'transition'
    ? explainTransition(event, words.history)
    : explainNotification(event, words);
}

function explainTransition({ from, to }: HistoryEvent, { became }: Words['history']): string {
  if (to === 'inactive' && from === 'pending') return became.inactivePending;
  if (to === 'pending' || to === 'firing' || to === 'inactive' || to === 'resolved') return became[to];
  return `${from ?? '?'} → ${to ?? '?'}`;
}

function explainNotification(event: HistoryEvent, { history, time }: Words): string {
  const parts: string[] = [];
  if (event.receiver) parts.push(history.toReceiver(event.receiver));
  if (event.channel) parts.push(history.via(event.channel));
  if (event.reason) parts.push(history.because(reasonText(event.reason, history)));
  const tried: string[] = [];
  if (event.attempt !== undefined && event.attempt > 1) tried.push(history.attempt(event.attempt));
  if (event.durationMs !== undefined) tried.push(history.took(time.span(event.durationMs)));
  return [parts.join(history.joint), ...tried].filter(Boolean).join(' · ');
}
