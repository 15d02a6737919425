import type { AlertingRule, RuleAlert, RuleGroup } from '../../api/rules.ts';

/** An alert that is pending or firing, with the rule that raised it. */
export interface StandingAlert {
  rule: AlertingRule;
  alert: RuleAlert;
  group: RuleGroup;
}

const severities = ['critical', 'error', 'warning', 'info'];

/** Firing before pending, grave before light, old before new. */
export function standingAlerts(groups: readonly RuleGroup[]): StandingAlert[] {
  const standing = groups.flatMap((group) =>
    group.rules.flatMap((rule) =>
      rule.type === 'alerting' ? rule.alerts.map((alert) => ({ rule, alert, group })) : [],
    ),
  );
  return standing.sort((a, b) => rank(a) - rank(b) || since(a.alert) - since(b.alert));
}

function rank({ alert }: StandingAlert): number {
  const severity = severities.indexOf(alert.labels['severity'] ?? '');
  return (alert.state === 'firing' ? 0 : 100) + (severity < 0 ? severities.length : severity);
}

export function since(alert: RuleAlert): number {
  return alert.activeAt === undefined ? 0 : Date.parse(alert.activeAt);
}

/** Milliseconds until a pending alert has held long enough; what is over waits for the next evaluation. */
export function untilFiring({ rule, alert }: Pick<StandingAlert, 'rule' | 'alert'>, nowMs: number): number {
  return Math.max(0, since(alert) + rule.duration * 1000 - nowMs);
}

/** `1e+00`, as the API writes it, as a number; undefined where it is none. */
export function alertValue(alert: RuleAlert): number | undefined {
  const value = Number(alert.value);
  return Number.isNaN(value) ? undefined : value;
}
