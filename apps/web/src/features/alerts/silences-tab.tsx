import { useState } from 'react';
import { alertGroups } from '../../api/alert-groups.ts';
import { asFault } from '../../api/request.ts';
import { expireSilence, type Silence, silences } from '../../api/silences.ts';
import { setParams, usePlace } from '../../app/location.ts';
import { useNow } from '../../app/use-now.ts';
import { usePoll } from '../../app/use-poll.ts';
import { moment } from '../../format/time.ts';
import { Empty, Trouble } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';
import { AlertmanagerTrouble } from './alertmanager-trouble.tsx';
import { draftsOf, operatorOf } from './matching.ts';
import { SilenceForm } from './silence-form.tsx';
import './silences-tab.css';

const marks: Readonly<Record<Silence['status']['state'], Mark>> = {
  active: 'muted',
  pending: 'pending',
  expired: 'unknown',
};

/** Silences, those in force first; a new one can be prepared from an alert's labels. */
export function SilencesTab({ refreshMs }: { refreshMs: number }) {
  const words = useWords().alerts;
  const { search } = usePlace();
  const prepared = search.get('silence');
  const showExpired = search.get('expired') === '1';
  const { data, fault, at, again } = usePoll('silences', refreshMs, silences);
  const groups = usePoll('groups', refreshMs, alertGroups);
  const present = groups.data?.flatMap((group) => group.alerts.map((alert) => alert.labels)) ?? [];
  const shown = data?.filter((silence) => showExpired || silence.status.state !== 'expired') ?? [];
  return (
    <>
      {fault && <AlertmanagerTrouble fault={fault} at={at} again={again} />}
      {data && (
        <div className="rules-bar">
          {prepared === null && (
            <button type="button" className="primary" onClick={() => setParams({ silence: '{}' })}>
              {words.newSilence}
            </button>
          )}
          <label className="check">
            <input
              type="checkbox"
              checked={showExpired}
              onChange={(event) => setParams({ expired: event.target.checked ? '1' : undefined }, 'replace')}
            />
            {words.showExpired}
          </label>
        </div>
      )}
      {data && prepared !== null && (
        <SilenceForm
          key={prepared}
          start={draftsOf(labelsIn(prepared))}
          present={present}
          onDone={() => {
            setParams({ silence: undefined }, 'replace');
            again();
          }}
        />
      )}
      {data && shown.length === 0 && prepared === null && (
        <Empty title={words.noSilences}>{words.noSilencesHint}</Empty>
      )}
      {shown.length > 0 && (
        <Panel name="silences" title={words.tabs.silences} state="ready">
          <ul className="rules">
            {shown.map((silence) => (
              <SilenceItem key={silence.id} silence={silence} changed={again} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

/** The labels of an alert from the URL; what is no such thing prepares nothing. */
function labelsIn(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([name, label]) => [name, String(label)]));
  } catch {
    return {};
  }
}

function SilenceItem({ silence, changed }: { silence: Silence; changed: () => void }) {
  const words = useWords();
  const now = useNow();
  const { state } = silence.status;
  return (
    <li className="rule">
      <div className="rule-head">
        <StateMark mark={marks[state]} label={words.alerts.silenceState[state]} />
        <ul className="labels">
          {silence.matchers.map((matcher) => (
            <li key={matcher.name + operatorOf(matcher) + matcher.value}>
              {matcher.name}
              <span className="quiet"> {operatorOf(matcher)} </span>
              {matcher.value}
            </li>
          ))}
        </ul>
        <span className="spring" />
        <span title={moment(Date.parse(silence.endsAt), now)}>{whenOf(silence, now, words)}</span>
        {state !== 'expired' && <ExpireButton id={silence.id} changed={changed} />}
      </div>
      <p className="silence-why">
        {silence.comment} <span className="quiet">{words.alerts.by(silence.createdBy)}</span>
      </p>
    </li>
  );
}

function whenOf(
  { status, startsAt, endsAt }: Silence,
  now: number,
  { alerts, time }: ReturnType<typeof useWords>,
): string {
  if (status.state === 'pending') return alerts.startsIn(time.span(Date.parse(startsAt) - now));
  if (status.state === 'active') return alerts.endsIn(time.span(Math.max(0, Date.parse(endsAt) - now)));
  return alerts.ended(time.ago(Math.max(0, now - Date.parse(endsAt))));
}

/** Ending a silence may wake people: the button asks once more. */
function ExpireButton({ id, changed }: { id: string; changed: () => void }) {
  const words = useWords().alerts;
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState<ReturnType<typeof asFault>>();
  async function expire(): Promise<void> {
    try {
      await expireSilence(id, AbortSignal.timeout(10_000));
      changed();
    } catch (cause) {
      setFault(asFault(cause));
    }
  }
  if (fault) return <Trouble fault={fault} again={expire} />;
  return (
    <button
      type="button"
      onBlur={() => setSure(false)}
      onClick={() => (sure ? void expire() : setSure(true))}
    >
      {sure ? words.expireSure : words.expire}
    </button>
  );
}
