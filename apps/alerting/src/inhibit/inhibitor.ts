import { type Labels, labelValue } from '@paddlewatch/model';
import { type Alert, isResolved } from '../alerts/alert.ts';
import type { InhibitRule } from '../config/inhibit-rule.ts';
import { matchesAll } from '../matchers/label-matcher.ts';

/** Which alerts are held back because others are firing. */
export class Inhibitor {
  readonly #rules: readonly RuleState[];

  constructor(rules: readonly InhibitRule[]) {
    this.#rules = rules.map((rule) => ({ rule, sources: new Map() }));
  }

  /** Takes note of an alert's new state. */
  update(alert: Alert): void {
    for (const { rule, sources } of this.#rules) {
      if (!matchesAll(rule.source, alert.labels)) continue;
      const key = equalKey(rule, alert.labels);
      const known = sources.get(key) ?? new Map<string, Alert>();
      known.set(alert.fingerprint, alert);
      sources.set(key, known);
    }
  }

  forget(alert: Alert): void {
    for (const { rule, sources } of this.#rules) {
      const key = equalKey(rule, alert.labels);
      const known = sources.get(key);
      if (known?.delete(alert.fingerprint) && known.size === 0) sources.delete(key);
    }
  }

  /** The fingerprint of the alert that holds this one back, by the first rule that does. */
  inhibitedBy(alert: Alert, now: number): string | undefined {
    for (const { rule, sources } of this.#rules) {
      if (!matchesAll(rule.target, alert.labels)) continue;
      const candidates = sources.get(equalKey(rule, alert.labels));
      if (!candidates) continue;
      const source = activeSource(rule, candidates.values(), alert, now);
      if (source) return source.fingerprint;
    }
    return undefined;
  }
}

interface RuleState {
  readonly rule: InhibitRule;
  /** Alerts of the source side by the values of the `equal` labels, then by fingerprint. */
  readonly sources: Map<string, Map<string, Alert>>;
}

/** A firing source; where the target is on the source side too, one that is not on both sides as well. */
function activeSource(
  rule: InhibitRule,
  sources: Iterable<Alert>,
  target: Alert,
  now: number,
): Alert | undefined {
  const twoSided = matchesAll(rule.source, target.labels);
  for (const source of sources) {
    if (isResolved(source, now)) continue;
    if (twoSided && matchesAll(rule.target, source.labels)) continue;
    return source;
  }
  return undefined;
}

function equalKey(rule: InhibitRule, labels: Labels): string {
  return rule.equal.map((name) => labelValue(labels, name)).join('\xff');
}
