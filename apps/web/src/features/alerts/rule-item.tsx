import type { AlertingRule, AlertState, Rule, RuleAlert } from '../../api/rules.ts';
import { Link } from '../../app/link.tsx';
import { addressOf } from '../../app/location.ts';
import { useNow } from '../../app/use-now.ts';
import { quantityText } from '../../format/quantity.ts';
import { moment } from '../../format/time.ts';
import { LabelSet } from '../../ui/label-set.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';
import { alertValue, since, untilFiring } from './standing-alerts.ts';

const alertMarks: Readonly<Record<AlertState, Mark>> = {
  firing: 'firing',
  pending: 'pending',
  inactive: 'good',
  unknown: 'unknown',
};

/** One rule: what it asks, how it stands, and each alert that it has raised. */
export function RuleItem({ rule }: { rule: Rule }) {
  const { alerts: words, time } = useWords();
  const inExplore = addressOf('explore', new URLSearchParams({ query: rule.query }));
  return (
    <li className="rule">
      <div className="rule-head">
        <RuleState rule={rule} />
        <b>{rule.name}</b>
        {rule.type === 'alerting' && <span className="quiet">{holding(rule, words, time.span)}</span>}
        <LabelSet labels={rule.labels ?? {}} />
        <span className="spring" />
        {rule.type === 'alerting' && (
          <Link to={addressOf('history', new URLSearchParams({ alertname: rule.name }))}>
            {words.history}
          </Link>
        )}
      </div>
      <Link className="rule-query" to={inExplore} title={words.explore}>
        <code>{rule.query.trim()}</code>
      </Link>
      {rule.health === 'err' && (
        <p className="rule-fault">
          {words.ruleFails}: {rule.lastError}
        </p>
      )}
      {rule.type === 'alerting' && rule.alerts.length > 0 && (
        <ul className="rule-alerts">
          {rule.alerts.map((alert) => (
            <RaisedAlert key={JSON.stringify(alert.labels)} rule={rule} alert={alert} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** A rule that cannot be evaluated is not quiet: nobody knows how it stands. */
function RuleState({ rule }: { rule: Rule }) {
  const words = useWords().alerts;
  if (rule.health === 'err') return <StateMark mark="firing" label={words.broken} />;
  if (rule.type === 'recording') return <StateMark mark="muted" label={words.recording} />;
  const state = rule.state ?? 'unknown';
  return <StateMark mark={alertMarks[state]} label={words.state[state]} />;
}

function holding(
  rule: AlertingRule,
  words: ReturnType<typeof useWords>['alerts'],
  span: (ms: number) => string,
): string {
  const parts = [rule.duration > 0 ? words.forDuration(span(rule.duration * 1000)) : words.atOnce];
  if (rule.keepFiringFor) parts.push(words.keepFiring(span(rule.keepFiringFor * 1000)));
  return parts.join(' · ');
}

function RaisedAlert({ rule, alert }: { rule: AlertingRule; alert: RuleAlert }) {
  const words = useWords();
  const now = useNow();
  const began = since(alert);
  const { summary, description, ...others } = alert.annotations;
  return (
    <li className={`raised raised-${alert.state}`}>
      <div className="raised-head">
        <span title={moment(began, now)}>
          <StateMark
            mark={alert.state}
            label={words.alerts[alert.state === 'firing' ? 'firingFor' : 'pendingFor'](
              words.time.span(now - began),
            )}
          />
        </span>
        {alert.state === 'pending' && <Countdown rule={rule} alert={alert} now={now} />}
        <span className="quiet">
          {words.alerts.value} <b className="raised-value">{quantityText(alertValue(alert), 'plain')}</b>
        </span>
        <span className="spring" />
        <Link to={addressOf('alerts', silenceParams(alert))}>{words.alerts.silence}</Link>
      </div>
      {summary && <p className="raised-summary">{summary}</p>}
      {description && <p className="quiet">{description}</p>}
      {alert.keepFiringSince && <p className="quiet">{words.alerts.keptFiring}</p>}
      <LabelSet labels={alert.labels} without={['alertname']} />
      {Object.keys(others).length > 0 && <LabelSet labels={others} />}
    </li>
  );
}

function silenceParams({ labels }: RuleAlert): URLSearchParams {
  return new URLSearchParams({ tab: 'silences', silence: JSON.stringify(labels) });
}

/** How far a pending alert is on its way to firing. */
function Countdown({ rule, alert, now }: { rule: AlertingRule; alert: RuleAlert; now: number }) {
  const words = useWords();
  const left = untilFiring({ rule, alert }, now);
  const whole = rule.duration * 1000;
  return (
    <>
      <progress className="countdown" max={whole} value={whole - left} />
      <span>{left > 0 ? words.alerts.firesIn(words.time.span(left)) : words.alerts.firesNext}</span>
    </>
  );
}
