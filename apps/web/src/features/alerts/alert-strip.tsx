import { type RuleGroup, ruleGroups } from '../../api/rules.ts';
import { type Silence, silences } from '../../api/silences.ts';
import { Link } from '../../app/link.tsx';
import { addressOf } from '../../app/location.ts';
import { useNow } from '../../app/use-now.ts';
import { usePoll } from '../../app/use-poll.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';
import './alert-strip.css';
import { isSilenced } from './matching.ts';
import { type StandingAlert, since, standingAlerts, untilFiring } from './standing-alerts.ts';

const everyMs = 5000;
const shown = 6;

/** What fires, on top of the overview; pending and silenced alerts quieter. */
export function AlertStrip() {
  const words = useWords();
  const { data, fault } = usePoll<RuleGroup[]>('rules', everyMs, ruleGroups);
  // Without Alertmanager's API there are no silences, and alerts show as they are.
  const quieted = usePoll<Silence[]>('silences', everyMs, silences).data ?? [];
  if (!data) return null;
  const standing = standingAlerts(data);
  if (standing.length === 0) return null;
  return (
    <ul
      className={fault ? 'alert-strip faded' : 'alert-strip'}
      aria-label={words.nav.alerts}
      data-panel="alert-strip"
      data-state="ready"
    >
      {standing.slice(0, shown).map((standingAlert) => (
        <StripItem
          key={JSON.stringify(standingAlert.alert.labels)}
          standing={standingAlert}
          silenced={isSilenced(quieted, standingAlert.alert.labels)}
        />
      ))}
      {standing.length > shown && (
        <li>
          <Link to={addressOf('alerts')}>+{standing.length - shown}</Link>
        </li>
      )}
    </ul>
  );
}

function StripItem({ standing, silenced }: { standing: StandingAlert; silenced: boolean }) {
  const words = useWords().alerts;
  const { span } = useWords().time;
  const now = useNow();
  const { alert } = standing;
  const firing = alert.state === 'firing';
  const left = untilFiring(standing, now);
  return (
    <li className={silenced ? 'strip-silenced' : `strip-${alert.state}`}>
      <Link to={addressOf('alerts', new URLSearchParams({ search: alert.labels['alertname'] ?? '' }))}>
        <StateMark mark={silenced ? 'muted' : alert.state} label={alert.labels['alertname']} />
        <span className="strip-summary">{alert.annotations['summary']}</span>
        {silenced && <span className="quiet">{words.silencedBy}</span>}
        <span className="quiet">
          {firing
            ? words.firingFor(span(now - since(alert)))
            : left > 0
              ? words.firesIn(span(left))
              : words.firesNext}
        </span>
      </Link>
    </li>
  );
}
