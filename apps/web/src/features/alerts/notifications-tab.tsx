import { type AlertGroup, alertGroups, type GroupedAlert } from '../../api/alert-groups.ts';
import { Link } from '../../app/link.tsx';
import { addressOf } from '../../app/location.ts';
import { useNow } from '../../app/use-now.ts';
import { usePoll } from '../../app/use-poll.ts';
import { moment } from '../../format/time.ts';
import { LabelSet } from '../../ui/label-set.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';
import { AlertmanagerTrouble } from './alertmanager-trouble.tsx';

const marks: Readonly<Record<GroupedAlert['status']['state'], Mark>> = {
  active: 'firing',
  suppressed: 'muted',
  unprocessed: 'unknown',
};

/** Alerts in the groups in which their receivers are told. */
export function NotificationsTab({ refreshMs }: { refreshMs: number }) {
  const words = useWords().alerts;
  const { data, fault, at, again } = usePoll('groups', refreshMs, alertGroups);
  return (
    <>
      {fault && <AlertmanagerTrouble fault={fault} at={at} again={again} />}
      {data?.length === 0 && <Empty title={words.noNotifications}>{words.noNotificationsHint}</Empty>}
      <div className="rule-groups">
        {data?.map((group) => (
          <NotifiedGroup key={`${group.receiver.name}/${JSON.stringify(group.labels)}`} group={group} />
        ))}
      </div>
    </>
  );
}

function NotifiedGroup({ group }: { group: AlertGroup }) {
  const words = useWords().alerts;
  return (
    <Panel
      name="notified-group"
      title={`${words.receiver}: ${group.receiver.name}`}
      hint={words.alertCount(group.alerts.length)}
      state="ready"
      aside={<LabelSet labels={group.labels} />}
    >
      <ul className="rules">
        {group.alerts.map((alert) => (
          <NotifiedAlert key={alert.fingerprint} alert={alert} groupLabels={Object.keys(group.labels)} />
        ))}
      </ul>
    </Panel>
  );
}

function NotifiedAlert({ alert, groupLabels }: { alert: GroupedAlert; groupLabels: string[] }) {
  const words = useWords().alerts;
  const now = useNow();
  const name = alert.labels['alertname'] ?? '';
  return (
    <li className="rule">
      <div className="rule-head">
        <StateMark mark={marks[alert.status.state]} label={words.notified[alert.status.state]} />
        <b>{name}</b>
        <span>{alert.annotations['summary']}</span>
        <span className="quiet">{suppression(alert, words)}</span>
        <span className="spring" />
        <span className="quiet">{words.since(moment(Date.parse(alert.startsAt), now))}</span>
        <Link to={addressOf('history', new URLSearchParams({ alertname: name }))}>{words.history}</Link>
        <Link
          to={addressOf(
            'alerts',
            new URLSearchParams({ tab: 'silences', silence: JSON.stringify(alert.labels) }),
          )}
        >
          {words.silence}
        </Link>
      </div>
      <LabelSet labels={alert.labels} without={['alertname', ...groupLabels]} />
    </li>
  );
}

function suppression({ status }: GroupedAlert, words: ReturnType<typeof useWords>['alerts']): string {
  const why: string[] = [];
  if (status.silencedBy.length > 0) why.push(words.silencedBy);
  if (status.inhibitedBy.length > 0) why.push(words.inhibitedBy);
  if (status.mutedBy && status.mutedBy.length > 0) why.push(words.mutedBy);
  return why.join(' · ');
}
