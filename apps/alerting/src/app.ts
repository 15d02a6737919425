import type { DatabaseSync } from 'node:sqlite';
import { Registry } from '@paddlewatch/metrics';
import { type Clock, systemClock } from '@paddlewatch/model';
import type { FastifyPluginAsync } from 'fastify';
import { type Alert, isResolved } from './alerts/alert.ts';
import { type AlertChange, AlertStore, TooManyAlerts } from './alerts/alert-store.ts';
import { apiRoutes } from './api/routes.ts';
import { selfRoutes } from './api/self-routes.ts';
import { type Assembly, assemble } from './assembly.ts';
import { type HttpSend, networkSend } from './channels/http.ts';
import { Robots } from './channels/robot.ts';
import { type LoadedConfig, loadConfigFile, loadConfigText } from './config/load.ts';
import { attemptEvent, heldEvent } from './history/event.ts';
import { History } from './history/history.ts';
import { Transitions } from './history/transitions.ts';
import { type Log, logfmt } from './log.ts';
import { type AlertingMetrics, alertingMetrics } from './metrics.ts';
import type { Attempt } from './notify/deliver.ts';
import type { Notification } from './notify/notification.ts';
import { NotificationLog } from './notify/notification-log.ts';
import type { Flush, Held, Integration } from './notify/pipeline.ts';
import { type SilenceState, silenceState } from './silence/silence.ts';
import { Silences } from './silence/silences.ts';
import { openDatabase, transact } from './storage/database.ts';

export interface AlertingOptions {
  /** alertmanager.yml. Either this or `config`. */
  readonly configFile?: string;
  /** The text of one. */
  readonly config?: string;
  /** Folder of `alerting.db`; without it everything is forgotten at the end. */
  readonly storagePath?: string;
  /** Where people reach the page, for links in notifications. */
  readonly externalUrl?: string;
  /** How long expired silences are kept, milliseconds: 120 hours by default. */
  readonly retention?: number;
  /** How often resolved alerts are forgotten, milliseconds: 30 minutes by default. */
  readonly gcInterval?: number;
  readonly maxSilences?: number;
  /** Alerts that may be known at a time, and so the groups that they make: 100,000 by default, 0 for no limit. */
  readonly maxAlerts?: number;
  /**
   * Whether an alert's begin and end are written to history as they are received. False where the caller appends the
   * transitions that its rules see, `pending` included.
   */
  readonly recordReceived?: boolean;
  /** 100,000 events and 30 days by default. */
  readonly historyLimit?: { readonly maxEvents: number; readonly maxAge: number };
  readonly registry?: Registry;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly http?: HttpSend;
  readonly log?: Log;
}

export interface Alerting {
  /** `/api/v2/…` and `/api/paddlewatch/v1/…`. */
  readonly routes: FastifyPluginAsync;
  /** `/-/healthy`, `/-/ready`, `/-/reload` and `/metrics`: for a server of its own. */
  readonly selfRoutes: FastifyPluginAsync;
  readonly history: Pick<History, 'append' | 'read'>;
  /** Looks at the file's new content as `reload` would, and changes nothing. @throws ConfigError */
  check(): void;
  /** Takes the file's new content. @throws ConfigError, the old configuration staying in force. */
  reload(): Promise<void>;
  /** Resolves when sends that are under way have ended and everything is stored. */
  stop(): Promise<void>;
}

const hour = 3_600_000;
/** How often what has ended is looked for. */
const maintenanceInterval = 30_000;

export async function startAlerting(options: AlertingOptions): Promise<Alerting> {
  const app = new App(options);
  app.start();
  return {
    routes: apiRoutes(app),
    selfRoutes: selfRoutes(app),
    history: app.history,
    check: () => app.check(),
    reload: () => app.reload(),
    stop: () => app.stop(),
  };
}

/** The parts and their order; what every part does is in its own room. */
export class App {
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: Registry;
  readonly metrics: AlertingMetrics;
  readonly startedAt: number;
  readonly alerts: AlertStore;
  readonly silences: Silences;
  readonly history: History;
  readonly #options: AlertingOptions;
  readonly #db: DatabaseSync;
  readonly #notificationLog: NotificationLog;
  readonly #transitions: Transitions | undefined;
  readonly #http: HttpSend;
  readonly #robots: Robots;
  /** Why alerts of a group were held back at its last turn, so that history tells of changes only. */
  readonly #held = new Map<string, string>();
  #assembly: Assembly;
  #cancelMaintenance: () => void = () => undefined;
  #collectedAt: number;

  constructor(options: AlertingOptions) {
    const { clock = systemClock, log = logfmt(), registry = new Registry() } = options;
    this.#options = options;
    this.clock = clock;
    this.log = log;
    this.registry = registry;
    this.startedAt = clock.now();
    this.#collectedAt = this.startedAt;
    const loaded = this.#load();
    this.#http = options.http ?? networkSend(loaded.folder);
    this.#robots = new Robots(clock);
    this.#db = openDatabase(options.storagePath);
    this.alerts = new AlertStore(this.#db);
    this.silences = new Silences(this.#db, {
      retention: options.retention ?? 120 * hour,
      maxSilences: options.maxSilences ?? 0,
    });
    this.history = new History(
      this.#db,
      options.historyLimit ?? { maxEvents: 100_000, maxAge: 30 * 24 * hour },
    );
    this.#notificationLog = new NotificationLog(this.#db);
    if (options.recordReceived ?? true)
      this.#transitions = new Transitions(
        (event) => this.history.append(event),
        this.alerts.values(),
        this.startedAt,
      );
    this.metrics = alertingMetrics(registry);
    registry.onExpose(() => this.#measure());
    this.#assembly = this.#assemble(loaded);
  }

  get #maxAlerts(): number {
    return this.#options.maxAlerts ?? 100_000;
  }

  get assembly(): Assembly {
    return this.#assembly;
  }

  get externalUrl(): string {
    return (this.#options.externalUrl ?? 'http://localhost:9093').replace(/\/$/, '');
  }

  start(): void {
    this.#feed();
    this.#loadedWell();
    this.#scheduleMaintenance();
  }

  /**
   * Stores alerts and sets them on their way. When it returns, they are safe.
   * @throws TooManyAlerts where some of them are new and there is no room; the others are safe then.
   */
  receive(updates: readonly Alert[]): void {
    const now = this.clock.now();
    const admitted = this.#admit(updates, now);
    this.#take(admitted, now);
    const refused = updates.length - admitted.length;
    if (refused === 0) return;
    this.metrics.refused.inc(refused);
    const fault = new TooManyAlerts(refused, this.#maxAlerts);
    this.log('error', 'Alerts were refused', { error: fault.message });
    throw fault;
  }

  #admit(updates: readonly Alert[], now: number): readonly Alert[] {
    const limit = this.#maxAlerts;
    if (limit === 0 || this.alerts.size + updates.length <= limit) return updates;
    this.#forgetResolved(now);
    return this.alerts.fitting(updates, limit);
  }

  #take(updates: readonly Alert[], now: number): void {
    const changes = this.#store(updates, now);
    const { inhibitor, dispatcher } = this.#assembly;
    let resolved = 0;
    for (const { alert } of changes) {
      if (isResolved(alert, now)) resolved++;
      inhibitor.update(alert);
      dispatcher.insert(alert);
    }
    this.metrics.received.with('firing', 'v2').inc(changes.length - resolved);
    this.metrics.received.with('resolved', 'v2').inc(resolved);
  }

  #store(updates: readonly Alert[], now: number): AlertChange[] {
    try {
      return transact(this.#db, () => {
        const stored = this.alerts.put(updates);
        for (const { alert } of stored) this.#transitions?.observe(alert, now);
        return stored;
      });
    } catch (error) {
      this.alerts.reread(); // What the database did not keep, the memory must not pretend to have.
      throw error;
    }
  }

  check(): void {
    this.#next();
  }

  #next(): Assembly {
    try {
      return this.#assemble(this.#load());
    } catch (error) {
      this.metrics.reloadOk.set(0);
      this.log('error', 'Loading configuration file failed', { error: (error as Error).message });
      throw error;
    }
  }

  async reload(): Promise<void> {
    const old = this.#assembly;
    this.#assembly = this.#next();
    await old.dispatcher.stop();
    this.#feed();
    this.#loadedWell();
    this.log('info', 'Completed loading of configuration file', {
      file: this.#options.configFile ?? 'given text',
    });
  }

  async stop(): Promise<void> {
    this.#cancelMaintenance();
    await this.#assembly.dispatcher.stop();
    this.#db.close();
  }

  #load(): LoadedConfig {
    const { configFile, config } = this.#options;
    if (configFile !== undefined) return loadConfigFile(configFile);
    if (config !== undefined) return loadConfigText(config, 'alertmanager.yml');
    throw new Error('cannot start alerting: it needs configFile or config');
  }

  #assemble(loaded: LoadedConfig): Assembly {
    return assemble(loaded, {
      log: this.#notificationLog,
      silences: this.silences,
      externalUrl: this.externalUrl,
      clock: this.clock,
      http: this.#http,
      robots: this.#robots,
      random: this.#options.random ?? Math.random,
      onHeld: (flush, held) => this.#recordHeld(flush, held),
      onAttempt: (integration, notification, attempt) =>
        this.#recordAttempt(integration, notification, attempt),
    });
  }

  /** Hands every known alert to the rooms that keep no memory of their own. */
  #feed(): void {
    const { inhibitor, dispatcher } = this.#assembly;
    for (const alert of this.alerts.values()) inhibitor.update(alert);
    for (const alert of this.alerts.values()) dispatcher.insert(alert);
  }

  #loadedWell(): void {
    this.metrics.reloadOk.set(1);
    this.metrics.reloadAt.set(this.clock.now() / 1000);
  }

  #recordAttempt(integration: Integration, notification: Notification, attempt: Attempt): void {
    const { receiver, channel } = integration;
    const { requests, notifications, failed, latency } = this.metrics;
    requests.with(channel.kind, receiver).inc();
    latency.with(channel.kind, receiver).observe(attempt.durationMs / 1000);
    if (attempt.outcome !== 'retrying') notifications.with(channel.kind, receiver).inc();
    if (attempt.outcome === 'failed') failed.with(channel.kind, receiver).inc();
    if (attempt.outcome !== 'sent')
      this.log('warn', 'Notify attempt failed', { receiver, integration: integration.name, ...attempt });
    this.history.append(attemptEvent(integration, notification, attempt, this.clock.now()));
  }

  #recordHeld(flush: Flush, held: readonly Held[]): void {
    const group = `${flush.route.receiver}\n${flush.groupKey}`;
    const state = held.map(({ alert, reason }) => `${alert.alert.fingerprint} ${reason}`).join('\n');
    if ((this.#held.get(group) ?? '') === state) return;
    if (state === '') this.#held.delete(group);
    else this.#held.set(group, state);
    this.metrics.suppressed.with(flush.route.receiver).inc(held.length);
    for (const [reason, alerts] of Map.groupBy(held, ({ reason }) => reason))
      this.history.append(heldEvent(flush, reason, alerts, flush.now));
  }

  #scheduleMaintenance(): void {
    this.#cancelMaintenance = this.clock.after(maintenanceInterval, () => {
      this.#maintain();
      this.#scheduleMaintenance();
    });
  }

  #maintain(): void {
    const now = this.clock.now();
    const { dispatcher } = this.#assembly;
    transact(this.#db, () => this.#transitions?.sweep(now));
    dispatcher.collect();
    const groups = new Set(dispatcher.groups.map(({ route, key }) => `${route.receiver}\n${key}`));
    for (const group of this.#held.keys()) if (!groups.has(group)) this.#held.delete(group);
    this.silences.collect(now);
    this.#notificationLog.collect(now);
    this.history.collect(now);
    if (now - this.#collectedAt >= (this.#options.gcInterval ?? hour / 2)) this.#forgetResolved(now);
  }

  #forgetResolved(now: number): void {
    this.#collectedAt = now;
    for (const alert of this.alerts.collect(now)) this.#assembly.inhibitor.forget(alert);
  }

  #measure(): void {
    const now = this.clock.now();
    const { alerts, silences, groups, logEntries, known, limit } = this.metrics;
    known.set(this.alerts.size);
    limit.set(this.#maxAlerts);
    const active = [...this.alerts.values()].filter((alert) => !isResolved(alert, now)).length;
    alerts.with('active').set(active);
    const states: Record<SilenceState, number> = { active: 0, pending: 0, expired: 0 };
    for (const silence of this.silences.values()) states[silenceState(silence, now)]++;
    for (const [state, count] of Object.entries(states)) silences.with(state).set(count);
    groups.set(this.#assembly.dispatcher.groups.filter(({ size }) => size > 0).length);
    logEntries.set(this.#notificationLog.size);
  }
}
