import { useState } from 'react';
import {
  type EventKind,
  type HistoryEvent,
  type HistoryFilter,
  history,
  type HistoryPage as Page,
} from '../api/history.ts';
import { asFault } from '../api/request.ts';
import { setParams, usePlace } from '../app/location.ts';
import { usePoll } from '../app/use-poll.ts';
import { parseView, type View } from '../app/view.ts';
import { EventItem } from '../features/history/event-item.tsx';
import { day } from '../format/time.ts';
import { Choice } from '../ui/choice.tsx';
import { Empty, Trouble } from '../ui/notice.tsx';
import { RefreshSelect } from '../ui/range-bar.tsx';
import { useWords } from '../words/language.ts';
import './history.css';

const kinds = ['all', 'transition', 'notification'] as const;
type Kind = (typeof kinds)[number];

/** Every change of an alert and every attempt to tell somebody, newest first. */
export function HistoryPage() {
  const words = useWords().history;
  const { search } = usePlace();
  const view = parseView(search);
  const kind = kinds.find((name) => name === search.get('kind')) ?? 'all';
  const alertname = search.get('alertname') ?? '';
  const filter: HistoryFilter = {
    alertname: alertname || undefined,
    kind: kind === 'all' ? undefined : (kind satisfies EventKind),
  };
  return (
    <>
      <div className="page-head">
        <h1>{words.title}</h1>
        <Choice<Kind>
          label={words.kind}
          options={kinds.map((value) => ({ value, text: words.kinds[value] }))}
          value={kind}
          onChoose={(name) => setParams({ kind: name === 'all' ? undefined : name })}
        />
        <input
          type="search"
          aria-label={words.alertname}
          placeholder={`${words.alertname}: ${words.alertnameHint}`}
          value={alertname}
          onChange={(event) => setParams({ alertname: event.target.value }, 'replace')}
        />
        <span className="spring" />
        <RefreshSelect view={view} />
      </div>
      <Timeline key={`${kind}/${alertname}`} filter={filter} view={view} />
    </>
  );
}

function Timeline({ filter, view }: { filter: HistoryFilter; view: View }) {
  const words = useWords().history;
  const { data, fault, at, again } = usePoll('newest', view.refreshMs, (signal) =>
    history(filter, undefined, signal),
  );
  const [older, setOlder] = useState<Page>();
  const events = data ? joined(data.events, older?.events ?? []) : [];
  const next = older ? older.next : data?.next;
  const filtered = filter.alertname !== undefined || filter.kind !== undefined;
  if (fault?.kind === 'absent') return <Empty title={words.absent}>{words.absentHint}</Empty>;
  return (
    <>
      {fault && <Trouble fault={fault} at={at} again={again} />}
      {data && events.length === 0 && (
        <Empty title={filtered ? words.nothingFits : words.none}>{filtered ? '' : words.noneHint}</Empty>
      )}
      <div data-panel="history" data-state={data ? 'ready' : fault ? 'failed' : 'loading'}>
        {[...Map.groupBy(events, (event) => day(Date.parse(event.at)))].map(([date, ofDay]) => (
          <section key={date} className="panel history-day">
            <h2>{date}</h2>
            <ol>
              {ofDay.map((event) => (
                <EventItem key={event.id} event={event} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {next !== undefined && (
        <OlderButton
          filter={filter}
          before={next}
          onPage={(page) => setOlder({ events: joined(older?.events ?? [], page.events), next: page.next })}
        />
      )}
      {events.length > 0 && next === undefined && <p className="history-end">{words.end}</p>}
    </>
  );
}

interface OlderButtonProps {
  filter: HistoryFilter;
  before: NonNullable<Page['next']>;
  onPage: (page: Page) => void;
}

function OlderButton({ filter, before, onPage }: OlderButtonProps) {
  const words = useWords().history;
  const [fault, setFault] = useState<ReturnType<typeof asFault>>();
  async function load(): Promise<void> {
    try {
      onPage(await history(filter, before, AbortSignal.timeout(10_000)));
      setFault(undefined);
    } catch (cause) {
      setFault(asFault(cause));
    }
  }
  if (fault) return <Trouble fault={fault} again={load} />;
  return (
    <button type="button" className="history-older" onClick={load}>
      {words.older}
    </button>
  );
}

/** Newer events arrive while older ones are loaded by hand: pages overlap, and each event stands once. */
function joined(newer: readonly HistoryEvent[], older: readonly HistoryEvent[]): HistoryEvent[] {
  const known = new Set(newer.map((event) => event.id));
  return [...newer, ...older.filter((event) => !known.has(event.id))];
}
