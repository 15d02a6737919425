import type { HistoryEvent } from '../../api/history.ts';
import { Link } from '../../app/link.tsx';
import { addressOf } from '../../app/location.ts';
import { clock } from '../../format/time.ts';
import { LabelSet } from '../../ui/label-set.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import type { Words } from '../../words/en.ts';
import { useWords } from '../../words/language.ts';
import { explain } from './explain.ts';

const outcomeMarks: Readonly<Record<NonNullable<HistoryEvent['outcome']>, Mark>> = {
  sent: 'good',
  retrying: 'pending',
  failed: 'firing',
  suppressed: 'muted',
};
const stateMarks: Readonly<Record<string, Mark>> = {
  firing: 'firing',
  pending: 'pending',
  inactive: 'good',
  resolved: 'good',
};

/** One line of the history: when, what, which alert, and why in words. */
export function EventItem({ event }: { event: HistoryEvent }) {
  const words = useWords();
  return (
    <li className={`event event-${event.kind}`}>
      <time dateTime={event.at} title={event.at}>
        {clock(Date.parse(event.at))}
      </time>
      <EventMark event={event} words={words} />
      <div className="event-body">
        <p>
          <EventName alertname={event.alertname} /> {explain(event, words)}
        </p>
        {event.error && <p className="event-error">{event.error}</p>}
        <LabelSet labels={event.labels} without={['alertname']} />
      </div>
    </li>
  );
}

function EventMark({ event, words }: { event: HistoryEvent; words: Words }) {
  if (event.kind === 'notification') {
    const outcome = event.outcome ?? 'sent';
    return <StateMark mark={outcomeMarks[outcome]} label={words.history.outcome[outcome]} />;
  }
  const to = event.to ?? '';
  const states: Readonly<Record<string, string>> = words.alerts.state;
  return <StateMark mark={stateMarks[to] ?? 'unknown'} label={states[to] ?? to} />;
}

/** The alert's name shows only what happened to it. */
function EventName({ alertname }: { alertname: string }) {
  const words = useWords().history;
  if (alertname === '') return <b>{words.several}</b>;
  return (
    <Link className="event-name" to={addressOf('history', new URLSearchParams({ alertname }))}>
      {alertname}
    </Link>
  );
}
