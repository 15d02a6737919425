import { labelsKey, type Matcher, metricName, withoutLabels } from '@paddlewatch/model';
import type { MatrixSeries } from '@paddlewatch/promql';
import type { Alert } from './alert.ts';
import { type AlertingRule, stateSeries } from './alerting-rule.ts';

export interface RestoreOptions {
  /** How far back a restart is forgiven, ms (`--rules.alert.for-outage-tolerance`). */
  readonly outageTolerance: number;
  /** A restored alert fires no sooner than this after the restart, ms (`--rules.alert.for-grace-period`). */
  readonly gracePeriod: number;
  /** The samples of a series selector between two times (ms, inclusive). */
  readonly samples: (
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ) => Promise<readonly MatrixSeries[]>;
}

/** Gives pending alerts back the age that they had before a restart. */
export async function restoreForState(
  rule: AlertingRule,
  now: number,
  { outageTolerance, gracePeriod, samples }: RestoreOptions,
): Promise<void> {
  if (rule.spec.holdFor >= gracePeriod && rule.alerts.size > 0) {
    const matchers: Matcher[] = [
      { type: '=', name: metricName, value: stateSeries },
      { type: '=', name: 'alertname', value: rule.spec.name },
    ];
    const nameless = new Set([metricName]);
    for (const series of await samples(matchers, now - outageTolerance, now)) {
      const alert = rule.alerts.get(labelsKey(withoutLabels(series.labels, nameless)));
      if (alert && series.t.length > 0) restore(alert, rule.spec.holdFor, series, now, gracePeriod);
    }
  }
  rule.restored = true;
}

function restore(
  alert: Alert,
  holdFor: number,
  series: MatrixSeries,
  now: number,
  gracePeriod: number,
): void {
  const last = series.t.length - 1;
  const downAt = series.t[last]!;
  const storedActiveAt = series.v[last]! * 1000;
  const spent = downAt - storedActiveAt;
  const remaining = holdFor - spent;
  if (remaining <= 0) alert.activeAt = storedActiveAt;
  else if (remaining < gracePeriod) alert.activeAt = now + gracePeriod - holdFor;
  else alert.activeAt = storedActiveAt + (now - downAt);
}
