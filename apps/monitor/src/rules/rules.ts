import type { Clock } from '@paddlewatch/model';
import type { GroupSpec } from '../config/rule-file.ts';
import type { Transition } from './alert.ts';
import { AlertingRule } from './alerting-rule.ts';
import type { Annotator } from './annotation.ts';
import { type GroupSurroundings, type Rule, RuleGroup } from './group.ts';
import { RecordingRule } from './recording-rule.ts';
import { type RestoreOptions, restoreForState } from './restore.ts';
import { nextSlot } from './slot.ts';

export interface RulesOptions extends GroupSurroundings {
  readonly clock: Clock;
  readonly restore: RestoreOptions;
  readonly onTransition: (transition: Transition) => void;
  readonly onIteration?: (group: RuleGroup, missed: number) => void;
}

export interface RuleSettings {
  /** `evaluation_interval` and `rule_query_offset`, ms. */
  readonly interval: number;
  readonly queryOffset: number;
  readonly annotator: Annotator;
}

/** All rule groups: starts them, and on a reload carries their state over. */
export class Rules {
  private readonly options: RulesOptions;
  private running: RunningGroup[] = [];
  /** Only the first load waits for the state of before the restart; later rules start without a past. */
  private firstLoad = true;
  private stopped = false;
  private readonly cancelRetirements = new Set<() => void>();

  constructor(options: RulesOptions) {
    this.options = options;
  }

  get groups(): RuleGroup[] {
    return this.running.map(({ group }) => group);
  }

  async load(specs: readonly GroupSpec[], settings: RuleSettings): Promise<void> {
    const old = new Map(this.running.map((loop) => [keyOf(loop.group.spec), loop]));
    const next: RunningGroup[] = [];
    for (const spec of specs) {
      const replaced = old.get(keyOf(spec));
      old.delete(keyOf(spec));
      const group = new RuleGroup(spec, settings, this.rulesOf(spec, settings.annotator), this.options);
      const loop = new RunningGroup(group, this.options, replaced ? replaced.needsRestore : this.firstLoad);
      if (replaced) {
        await replaced.stop();
        group.inherit(replaced.group);
      }
      next.push(loop);
    }
    for (const gone of old.values()) await this.retire(gone);
    this.firstLoad = false;
    this.running = next;
    if (!this.stopped) for (const loop of next) loop.start();
  }

  /** Ends after the evaluations that are under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancelRetirements) cancel();
    await Promise.all(this.running.map((loop) => loop.stop()));
  }

  private rulesOf(spec: GroupSpec, annotator: Annotator): Rule[] {
    return spec.rules.map((rule) => {
      if (rule.kind === 'record') return new RecordingRule(rule);
      const alerting = new AlertingRule(rule, annotator, this.options.onTransition);
      alerting.restored = !this.firstLoad;
      return alerting;
    });
  }

  /** A group may come back with the next reload, so its series end only after two intervals. */
  private async retire(loop: RunningGroup): Promise<void> {
    await loop.stop();
    const { clock } = this.options;
    const cancel = clock.after(2 * loop.group.interval, () => {
      this.cancelRetirements.delete(cancel);
      const back = this.running.some(({ group }) => keyOf(group.spec) === keyOf(loop.group.spec));
      if (!back) loop.group.retire(clock.now());
    });
    this.cancelRetirements.add(cancel);
  }
}

/** The rhythm of one group. */
class RunningGroup {
  readonly group: RuleGroup;
  /** Evaluations until the state of before the restart is read: the second one has seen a scrape. */
  private evaluationsToRestore: number;
  private readonly options: RulesOptions;
  private cancel: (() => void) | undefined;
  private current: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(group: RuleGroup, options: RulesOptions, restore: boolean) {
    this.group = group;
    this.options = options;
    this.evaluationsToRestore = restore ? 2 : 0;
  }

  get needsRestore(): boolean {
    return this.evaluationsToRestore > 0;
  }

  start(): void {
    const { interval, offset } = this.group;
    this.wait(nextSlot(this.options.clock.now(), interval, offset));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel?.();
    await this.current;
  }

  private wait(slot: number): void {
    if (this.stopped) return;
    const { clock } = this.options;
    this.cancel = clock.after(slot - clock.now(), () => {
      this.current = this.tick(slot);
    });
  }

  private async tick(slot: number): Promise<void> {
    const { clock, onIteration } = this.options;
    await this.group.evaluate(slot);
    if (this.evaluationsToRestore > 0 && --this.evaluationsToRestore === 0) await this.restore(slot);
    const next = Math.max(
      slot + this.group.interval,
      nextSlot(clock.now(), this.group.interval, this.group.offset),
    );
    const missed = (next - slot) / this.group.interval - 1;
    onIteration?.(this.group, missed);
    this.wait(next);
  }

  private async restore(now: number): Promise<void> {
    for (const rule of this.group.alertingRules) {
      try {
        await restoreForState(rule, now, this.options.restore);
      } catch (error) {
        // Prometheus, too, goes on without the past rather than without the rule.
        rule.restored = true;
        rule.health.lastError = `cannot restore the state of before the restart: ${(error as Error).message}`;
      }
    }
  }
}

function keyOf({ file, name }: GroupSpec): string {
  return `${file};${name}`;
}
