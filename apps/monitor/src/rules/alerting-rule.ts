import {
  type Labels,
  labelsKey,
  labelsToRecord,
  mergeLabels,
  metricName,
  withLabel,
} from '@paddlewatch/model';
import type { VectorSample } from '@paddlewatch/promql';
import type { AlertingRuleSpec } from '../config/rule-file.ts';
import { type Alert, type AlertState, resolvedRetention, type Transition } from './alert.ts';
import { type Annotator, expandTemplate } from './annotation.ts';
import { type Evaluation, freshHealth, type RuleSample } from './rule.ts';

/** Turns the elements of a query into alerts and leads each through pending, firing and resolved. */
export class AlertingRule {
  readonly kind = 'alert';
  readonly spec: AlertingRuleSpec;
  readonly health = freshHealth();
  /** By the key of their labels. Resolved ones stay a while, for resends. */
  readonly alerts = new Map<string, Alert>();
  /** Whether the state of before a restart has been read: until then the state is not written either. */
  restored = false;
  private readonly annotator: Annotator;
  private readonly onTransition: (transition: Transition) => void;

  constructor(spec: AlertingRuleSpec, annotator: Annotator, onTransition: (transition: Transition) => void) {
    this.spec = spec;
    this.annotator = annotator;
    this.onTransition = onTransition;
  }

  /** The state of the worst alert; `unknown` before the first evaluation. */
  get state(): AlertState | 'unknown' {
    if (this.health.lastEvaluation === undefined) return 'unknown';
    const states = new Set([...this.alerts.values()].map(({ state }) => state));
    return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive';
  }

  activeAlerts(): Alert[] {
    return [...this.alerts.values()].filter(({ state }) => state !== 'inactive');
  }

  async evaluate(evaluation: Evaluation): Promise<RuleSample[]> {
    const { at, queryAt, limit, query } = evaluation;
    const result = await query(this.spec.query.text, queryAt);
    const seen = new Map<string, Alert>();
    for (const sample of result) {
      const alert = await this.alertOf(sample, evaluation);
      const key = labelsKey(alert.labels);
      if (seen.has(key))
        throw new Error('vector contains metrics with the same labelset after applying alert labels');
      seen.set(key, alert);
    }
    this.admit(seen, at);
    let active = 0;
    for (const [key, alert] of this.alerts) if (this.advance(key, alert, seen.has(key), at)) active++;
    if (limit > 0 && active > limit) {
      this.clear(at);
      throw new Error(`exceeded limit of ${limit} with ${active} alerts`);
    }
    return this.restored ? this.activeAlerts().flatMap((alert) => stateSamples(alert)) : [];
  }

  private async alertOf(sample: VectorSample, { at, query }: Evaluation): Promise<Alert> {
    const data = { labels: labelsToRecord(sample.labels), value: sample.v };
    const expand = (text: string) => expandTemplate(text, this.spec.name, data, this.annotator, query, at);
    const labels = await expandAll(this.spec.labels, expand);
    return {
      labels: mergeLabels(sample.labels, { ...labels, [metricName]: '', alertname: this.spec.name }),
      annotations: await expandAll(this.spec.annotations, expand),
      state: 'pending',
      value: sample.v,
      activeAt: at,
      firedAt: undefined,
      keepFiringSince: undefined,
      resolvedAt: undefined,
      lastSentAt: undefined,
      validUntil: 0,
    };
  }

  /** New elements become pending alerts; known ones take over value and annotations. */
  private admit(seen: ReadonlyMap<string, Alert>, at: number): void {
    for (const [key, fresh] of seen) {
      const known = this.alerts.get(key);
      if (known && known.state !== 'inactive') {
        known.value = fresh.value;
        known.annotations = fresh.annotations;
      } else {
        this.alerts.set(key, fresh);
        this.tell(fresh, 'inactive', at);
      }
    }
  }

  /** One step of one alert. Whether it is pending or firing afterwards. */
  private advance(key: string, alert: Alert, seen: boolean, at: number): boolean {
    if (seen) alert.keepFiringSince = undefined;
    else if (!this.keepsFiring(alert, at)) {
      this.leave(key, alert, at);
      return false;
    }
    const held = at - alert.activeAt >= this.spec.holdFor;
    if (alert.state === 'pending' && held) {
      alert.firedAt = at;
      this.move(alert, 'firing', at);
    } else if (alert.state === 'firing' && !held) {
      // A reload made `for` longer than the alert is old.
      alert.firedAt = undefined;
      alert.lastSentAt = undefined;
      this.move(alert, 'pending', at);
    }
    return true;
  }

  private keepsFiring(alert: Alert, at: number): boolean {
    if (alert.state !== 'firing' || this.spec.keepFiringFor === 0) return false;
    alert.keepFiringSince ??= at;
    return at - alert.keepFiringSince < this.spec.keepFiringFor;
  }

  private leave(key: string, alert: Alert, at: number): void {
    const forgotten = alert.resolvedAt !== undefined && at - alert.resolvedAt > resolvedRetention;
    if (alert.state === 'pending' || forgotten) this.alerts.delete(key);
    if (alert.state === 'inactive') return;
    alert.resolvedAt = at;
    this.move(alert, 'inactive', at);
  }

  private clear(at: number): void {
    for (const alert of this.activeAlerts()) this.move(alert, 'inactive', at);
    this.alerts.clear();
  }

  private move(alert: Alert, to: AlertState, at: number): void {
    const from = alert.state;
    alert.state = to;
    this.tell(alert, from, at);
  }

  private tell(alert: Alert, from: AlertState, at: number): void {
    const { labels, annotations, value, state: to } = alert;
    this.onTransition({ at, alertname: this.spec.name, labels, annotations, value, from, to });
  }
}

async function expandAll(
  templates: Readonly<Record<string, string>>,
  expand: (text: string) => Promise<string>,
): Promise<Record<string, string>> {
  const expanded: Record<string, string> = {};
  for (const [name, text] of Object.entries(templates)) expanded[name] = await expand(text);
  return expanded;
}

export const stateSeries = 'ALERTS_FOR_STATE';

/** `ALERTS` says the state, `ALERTS_FOR_STATE` since when (unix seconds), for the time after a restart. */
function stateSamples(alert: Alert): RuleSample[] {
  return [
    { labels: named(withLabel(alert.labels, 'alertstate', alert.state), 'ALERTS'), v: 1 },
    { labels: named(alert.labels, stateSeries), v: Math.floor(alert.activeAt / 1000) },
  ];
}

function named(labels: Labels, name: string): Labels {
  return withLabel(labels, metricName, name);
}
