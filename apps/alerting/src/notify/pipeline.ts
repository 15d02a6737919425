import type { Clock, Labels } from '@paddlewatch/model';
import type { Channel } from '../channels/channel.ts';
import type { Route } from '../dispatch/route-tree.ts';
import { decide } from './decide.ts';
import { type Attempt, deliver } from './deliver.ts';
import type { Gate } from './gates.ts';
import type { Notification, NotifiedAlert, Reason } from './notification.ts';
import type { NotificationLog } from './notification-log.ts';

/** One group that has its turn. */
export interface Flush {
  readonly route: Route;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly alerts: readonly NotifiedAlert[];
  readonly now: number;
  /** Raised at the flush's deadline: breaks off what is on its way. */
  readonly signal: AbortSignal;
  /** Raised when the program stops: ends retries only. */
  readonly stopping: AbortSignal;
}

/** A channel of a receiver, and its name in the notification log: `team-x/webhook[0]`. */
export interface Integration {
  readonly receiver: string;
  readonly name: string;
  readonly channel: Channel;
}

export interface Held {
  readonly alert: NotifiedAlert;
  readonly reason: string;
}

export interface PipelineOptions {
  readonly gates: readonly Gate[];
  readonly integrations: ReadonlyMap<string, readonly Integration[]>;
  readonly log: NotificationLog;
  readonly externalUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onHeld: (flush: Flush, held: readonly Held[]) => void;
  readonly onAttempt: (integration: Integration, notification: Notification, attempt: Attempt) => void;
}

/** Gates, then for every channel of the receiver: is there something new? → send, with retries → remember. */
export class Pipeline {
  readonly #options: PipelineOptions;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Whether every channel that had something to tell told it. */
  async flush(flush: Flush): Promise<boolean> {
    const alerts = this.#passGates(flush);
    if (alerts.length === 0) return true;
    const integrations = this.#options.integrations.get(flush.route.receiver) ?? [];
    const told = await Promise.all(
      integrations.map((integration) => this.#notify(integration, flush, alerts)),
    );
    return told.every(Boolean);
  }

  #passGates(flush: Flush): NotifiedAlert[] {
    const passed: NotifiedAlert[] = [];
    const held: Held[] = [];
    for (const alert of flush.alerts) {
      const reason = this.#heldBack(alert, flush);
      if (reason === undefined) passed.push(alert);
      else held.push({ alert, reason });
    }
    this.#options.onHeld(flush, held);
    return passed;
  }

  #heldBack({ alert }: NotifiedAlert, { route, now }: Flush): string | undefined {
    for (const gate of this.#options.gates) {
      const reason = gate.holds(alert, route, now);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  async #notify(integration: Integration, flush: Flush, alerts: readonly NotifiedAlert[]): Promise<boolean> {
    const { log } = this.#options;
    const { route, groupKey, now } = flush;
    const firing = fingerprints(alerts, false);
    const resolved = fingerprints(alerts, true);
    const { sendResolved } = integration.channel;
    const entry = log.find(integration.name, groupKey, now);
    const reason = decide({
      entry,
      firing,
      resolved,
      sendResolved,
      repeatInterval: route.repeatInterval,
      now,
    });
    if (reason === undefined) return true;
    const told = sendResolved ? alerts : alerts.filter((alert) => !alert.resolved);
    if (told.length > 0 && !(await this.#send(integration, flush, told, reason))) return false;
    log.record(integration.name, groupKey, { at: now, firing, resolved }, now + 2 * route.repeatInterval);
    return true;
  }

  #send(
    integration: Integration,
    flush: Flush,
    alerts: readonly NotifiedAlert[],
    reason: Reason,
  ): Promise<boolean> {
    const { clock, random, onAttempt, externalUrl } = this.#options;
    const { route, groupKey, groupLabels, signal, stopping } = flush;
    const { receiver, labels: routeLabels } = route;
    const notification = { receiver, groupKey, groupLabels, routeLabels, reason, externalUrl, alerts };
    return deliver(integration.channel, notification, {
      clock,
      random,
      signal,
      stopping,
      onAttempt: (attempt) => onAttempt(integration, notification, attempt),
    });
  }
}

function fingerprints(alerts: readonly NotifiedAlert[], resolved: boolean): string[] {
  return alerts.filter((alert) => alert.resolved === resolved).map(({ alert }) => alert.fingerprint);
}
