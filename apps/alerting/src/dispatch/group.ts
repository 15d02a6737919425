import type { Clock } from '@paddlewatch/model';
import { formatLabels, type Labels } from '@paddlewatch/model';
import { type Alert, compareAlerts, isResolved } from '../alerts/alert.ts';
import type { NotifiedAlert } from '../notify/notification.ts';
import type { Flush } from '../notify/pipeline.ts';
import type { Route } from './route-tree.ts';

/** A flush has at least this long to get through, however short the group's interval. */
const leastDeadline = 10_000;

export interface GroupOptions {
  readonly route: Route;
  readonly labels: Labels;
  readonly clock: Clock;
  readonly flush: (flush: Flush) => Promise<boolean>;
  /** Raised when the program stops: no more retries. */
  readonly stopping: AbortSignal;
  /** Raised when what is still on its way then has had its time. */
  readonly ending: AbortSignal;
}

/** Alerts that are told of together: one timer, which waits group_wait first and group_interval from then on. */
export class Group {
  readonly route: Route;
  readonly labels: Labels;
  readonly key: string;
  readonly #options: GroupOptions;
  readonly #alerts = new Map<string, Alert>();
  #cancel: () => void = () => undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  #flushed = false;
  #running: Promise<void> | undefined;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.route = options.route;
    this.labels = options.labels;
    this.key = groupKey(options.route, options.labels);
  }

  get alerts(): readonly Alert[] {
    return [...this.#alerts.values()];
  }

  get size(): number {
    return this.#alerts.size;
  }

  get idle(): boolean {
    return this.#alerts.size === 0 && !this.#running;
  }

  /** When the group has its next turn. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Takes an alert's new state. The first turn comes group_wait after an alert was received, or when it is that old. */
  insert(alert: Alert): void {
    this.#alerts.set(alert.fingerprint, alert);
    if (this.#flushed) return;
    const now = this.#options.clock.now();
    const due = Math.min(alert.receivedAt, alert.startsAt) + this.route.groupWait;
    if (due < this.#nextAt) this.#schedule(Math.max(due, now));
  }

  /** Ends the timer; resolves when a flush that is under way has ended. */
  async stop(): Promise<void> {
    this.#cancel();
    await this.#running;
  }

  #schedule(at: number): void {
    const { clock } = this.#options;
    this.#cancel();
    this.#nextAt = at;
    this.#cancel = clock.after(at - clock.now(), () => this.#turn());
  }

  #turn(): void {
    const now = this.#options.clock.now();
    this.#flushed = true;
    this.#schedule(now + this.route.groupInterval);
    if (this.#running || this.#alerts.size === 0) return;
    this.#running = this.#flush(now).finally(() => {
      this.#running = undefined;
    });
  }

  async #flush(now: number): Promise<void> {
    const taken = [...this.#alerts.values()].sort(compareAlerts);
    const { clock, stopping, ending } = this.#options;
    const deadline = new AbortController();
    const cancel = clock.after(Math.max(this.route.groupInterval, leastDeadline), () => deadline.abort());
    const told = await this.#options.flush({
      route: this.route,
      groupKey: this.key,
      groupLabels: this.labels,
      alerts: taken.map((alert): NotifiedAlert => ({ alert, resolved: isResolved(alert, now) })),
      now,
      stopping,
      signal: AbortSignal.any([ending, deadline.signal]),
    });
    cancel();
    if (told) this.#dropResolved(taken, now);
  }

  /** A resolved alert leaves once that was told, unless it changed in the meantime. */
  #dropResolved(told: readonly Alert[], now: number): void {
    for (const alert of told)
      if (isResolved(alert, now) && this.#alerts.get(alert.fingerprint) === alert)
        this.#alerts.delete(alert.fingerprint);
  }
}

/** `{}/{severity="page"}:{alertname="Slow"}`: names the group over restarts. */
function groupKey(route: Route, labels: Labels): string {
  return `${route.key}:${formatLabels(labels)}`;
}
