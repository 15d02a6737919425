import { type Labels, labelsKey } from '@paddlewatch/model';
import type { GroupSpec } from '../config/rule-file.ts';
import { type Alert, needsSending } from './alert.ts';
import type { AlertingRule } from './alerting-rule.ts';
import type { RecordingRule } from './recording-rule.ts';
import type { QueryFunction, RuleSample } from './rule.ts';
import { slotOffset } from './slot.ts';
import type { RuleWriter } from './writer.ts';

export type Rule = AlertingRule | RecordingRule;

/** What a group needs of the world. */
export interface GroupSurroundings {
  readonly query: QueryFunction;
  readonly writer: RuleWriter;
  /** Milliseconds of a steady clock, for durations. */
  readonly elapsed: () => number;
  /** Alerts that the Alertmanagers have to hear of, each time they have to. */
  readonly send: (rule: AlertingRule, alerts: readonly Alert[]) => void;
  readonly resendDelay: number;
  readonly onEvaluated: (group: RuleGroup, rule: Rule, seconds: number) => void;
}

/** Rules that are evaluated one after the other, at the same rhythm. */
export class RuleGroup {
  readonly spec: GroupSpec;
  /** Milliseconds. */
  readonly interval: number;
  readonly offset: number;
  readonly rules: readonly Rule[];
  /** Seconds that the last evaluation took, and its slot; undefined before the first. */
  evaluationTime = 0;
  lastEvaluation: number | undefined;
  private readonly queryOffset: number;
  private readonly surroundings: GroupSurroundings;
  /** What each rule wrote the last time, by key: what is not written again becomes stale. */
  private readonly written = new Map<Rule, Map<string, Labels>>();
  /** Series of rules that the group had before a reload. */
  private orphans: Labels[] = [];

  constructor(
    spec: GroupSpec,
    defaults: { interval: number; queryOffset: number },
    rules: readonly Rule[],
    surroundings: GroupSurroundings,
  ) {
    this.spec = spec;
    this.interval = spec.interval ?? defaults.interval;
    this.queryOffset = spec.queryOffset ?? defaults.queryOffset;
    this.offset = slotOffset(spec.file, spec.name, this.interval);
    this.rules = rules;
    this.surroundings = surroundings;
  }

  get alertingRules(): AlertingRule[] {
    return this.rules.filter((rule) => rule.kind === 'alert');
  }

  /** Evaluates all rules for one slot. A rule that fails keeps the others going. */
  async evaluate(slot: number): Promise<void> {
    const started = this.surroundings.elapsed();
    for (const rule of this.rules) await this.evaluateRule(rule, slot);
    this.markStale(this.orphans.splice(0), slot - this.queryOffset);
    this.evaluationTime = (this.surroundings.elapsed() - started) / 1000;
    this.lastEvaluation = slot;
  }

  private async evaluateRule(rule: Rule, slot: number): Promise<void> {
    const { query, elapsed, onEvaluated } = this.surroundings;
    const { health } = rule;
    const started = elapsed();
    try {
      const queryAt = slot - this.queryOffset;
      const samples = await rule.evaluate({ at: slot, queryAt, limit: this.spec.limit, query });
      this.write(rule, samples, queryAt);
      health.health = 'ok';
      health.lastError = undefined;
    } catch (error) {
      health.health = 'err';
      health.lastError = (error as Error).message;
    }
    health.evaluationTime = (elapsed() - started) / 1000;
    health.lastEvaluation = slot;
    if (rule.kind === 'alert' && health.health === 'ok') this.sendAlerts(rule, slot);
    onEvaluated(this, rule, health.evaluationTime);
  }

  private write(rule: Rule, samples: readonly RuleSample[], at: number): void {
    const before = this.written.get(rule);
    const now = new Map(samples.map(({ labels }) => [labelsKey(labels), labels]));
    const gone = before ? [...before].filter(([key]) => !now.has(key)).map(([, labels]) => labels) : [];
    this.surroundings.writer.write(samples, gone, at);
    this.written.set(rule, now);
  }

  private markStale(series: readonly Labels[], at: number): void {
    if (series.length > 0) this.surroundings.writer.write([], series, at);
  }

  private sendAlerts(rule: AlertingRule, now: number): void {
    const { resendDelay, send } = this.surroundings;
    const due = [...rule.alerts.values()].filter((alert) => needsSending(alert, now, resendDelay));
    for (const alert of due) {
      alert.lastSentAt = now;
      alert.validUntil = now + 4 * Math.max(this.interval, resendDelay);
    }
    if (due.length > 0) send(rule, due);
  }

  /** Takes over the state of the group that a reload replaces: alerts and series of the rules that stayed. */
  inherit(old: RuleGroup): void {
    this.evaluationTime = old.evaluationTime;
    this.lastEvaluation = old.lastEvaluation;
    const heirs = new Map<string, Rule[]>();
    for (const rule of this.rules) heirs.set(identity(rule), [...(heirs.get(identity(rule)) ?? []), rule]);
    for (const rule of old.rules) {
      const heir = heirs.get(identity(rule))?.shift();
      const series = old.written.get(rule);
      if (!heir) {
        this.orphans.push(...(series?.values() ?? []));
        continue;
      }
      if (series) this.written.set(heir, series);
      Object.assign(heir.health, rule.health);
      if (heir.kind === 'alert' && rule.kind === 'alert') {
        heir.restored = rule.restored;
        for (const [key, alert] of rule.alerts) heir.alerts.set(key, alert);
      }
    }
    this.orphans.push(...old.orphans);
  }

  /** Makes every series of the group stale: the group is no more. */
  retire(at: number): void {
    const series = [...this.written.values()].flatMap((map) => [...map.values()]);
    this.markStale([...series, ...this.orphans], at - this.queryOffset);
  }
}

/** Rules are the same across a reload by kind, name and labels, as in Prometheus. */
function identity({ kind, spec }: Rule): string {
  const labels = Object.entries(spec.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([kind, spec.name, labels]);
}
