import { hostname } from 'node:os';
import path from 'node:path';
import { Registry } from '@paddlewatch/metrics';
import { type Clock, systemClock } from '@paddlewatch/model';
import { Db } from '@paddlewatch/tsdb';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { apiRoutes } from './api/api.ts';
import { exerciseApi } from './api/exercise.ts';
import { selfRoutes } from './api/self-routes.ts';
import type { Admin, ApiSurroundings, Status } from './api/surroundings.ts';
import { buildInfo } from './build-info.ts';
import { loadConfig, loadConfigFile, type MonitorConfig, withAlertmanager } from './config/load.ts';
import { defaultSettings, type MonitorOptions, type MonitorSettings } from './options.ts';
import { type OwnMetrics, ownMetrics } from './own-metrics.ts';
import { Pipeline } from './pipeline.ts';

export interface Monitor {
  /** Prometheus' HTTP API and `/federate`. */
  readonly routes: FastifyPluginAsync;
  /** `/-/…`, `/version` and `/metrics`, for a server of its own. */
  readonly selfRoutes: FastifyPluginAsync;
  /** When the storage is replayed and queries are answered; until then the API answers 503. Rejects where it cannot open. */
  readonly ready: Promise<void>;
  /**
   * Reads the configuration again, or takes the text that is given, and goes on with it; on a fault the old one stays.
   * @throws ConfigError
   */
  reload(config?: string): Promise<void>;
  /** A new configuration that another part could not use: nothing changes here, and its fault is shown as one of ours. */
  refuse(fault: Error): void;
  /** Ends scrapes, rules and queries, sends what is in line, and closes the storage. */
  stop(): Promise<void>;
}

/** A monitor at work. @throws ConfigError, LockError, WalError */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const monitor = prepareMonitor(options);
  try {
    await monitor.ready;
  } catch (error) {
    await monitor.stop();
    throw error;
  }
  return monitor;
}

/** A monitor whose routes stand at once and answer 503 until `ready`. @throws ConfigError */
export function prepareMonitor(options: MonitorOptions): Monitor {
  return new App(options);
}

class App implements Monitor {
  readonly routes: FastifyPluginAsync;
  readonly selfRoutes: FastifyPluginAsync;
  readonly ready: Promise<void>;
  private readonly options: MonitorOptions;
  private readonly settings: MonitorSettings;
  private readonly clock: Clock;
  private readonly log: (line: string) => void;
  private readonly metrics: OwnMetrics;
  private readonly startTime: number;
  private config: MonitorConfig;
  private pipeline: Pipeline | undefined;
  private readonly listening = Promise.withResolvers<FastifyInstance>();
  private stopping = false;
  private reloading: Promise<void> = Promise.resolve();
  private lastReload: { fault?: Error; at: number };

  constructor(options: MonitorOptions) {
    this.options = options;
    this.settings = { ...defaultSettings, ...options.settings };
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? ((line) => console.error(line));
    this.startTime = this.clock.now();
    this.config = this.load(options.config);
    this.lastReload = { at: this.startTime };
    const registry = options.registry ?? new Registry();
    this.metrics = ownMetrics(registry);
    registry.onExpose(() => this.updateMetrics());
    const routes = apiRoutes(this.surroundings());
    this.routes = async (web) => {
      web.addHook('onListen', async () => this.listening.resolve(web));
      await routes(web);
    };
    this.selfRoutes = selfRoutes({
      ready: () => this.isReady(),
      stopping: () => this.stopping,
      registry,
      build: buildInfo,
      lifecycle: this.settings.enableLifecycle,
      reload: () => this.reload(),
      quit: () => options.onQuit?.(),
    });
    this.ready = this.open(registry);
    // Whoever asks for `ready` hears the fault; a caller that does not ask must not die of it.
    this.ready.catch(() => {});
  }

  reload(config?: string): Promise<void> {
    const next = this.reloading.then(() => this.takeConfig(config));
    this.reloading = next.catch(() => {});
    return next;
  }

  refuse(fault: Error): void {
    this.lastReload.fault = fault;
    this.log(`cannot reload the configuration, the old one stays: ${fault.message}`);
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await this.ready.catch(() => {});
    await this.reloading;
    await this.pipeline?.stop();
  }

  private async open(registry: Registry): Promise<void> {
    // Reading folders and files begins at once and holds the loop for moments: let the caller listen first.
    await new Promise((resolve) => setImmediate(resolve));
    const { tsdb, exemplars } = this.config.prometheus.storage;
    const db = await Db.open({
      dir: this.options.storagePath,
      wal: { compression: this.settings.walCompression },
      log: this.log,
      outOfOrderWindow: tsdb.out_of_order_time_window,
      maxExemplars: exemplars.max_exemplars,
    });
    if (this.stopping) {
      await db.close();
      throw new Error('cannot become ready: the monitor was stopped');
    }
    this.pipeline = new Pipeline({
      db,
      config: this.config,
      settings: this.settings,
      clock: this.clock,
      externalUrl: this.externalUrl(),
      registry,
      metrics: this.metrics,
      log: this.log,
      onTransition: this.options.onTransition ?? (() => {}),
    });
    await this.pipeline.apply(this.config);
    this.metrics.ready.set(1);
    this.warmUp(this.pipeline).catch((error: Error) =>
      this.log(`cannot try the storage with a query: ${error.message}`),
    );
  }

  /** Makes the first answers quick. */
  private async warmUp({ queries }: Pipeline): Promise<void> {
    await exerciseApi(await this.listening.promise, () => this.stopping);
    await queries.warmUp();
  }

  private async takeConfig(text: string | undefined): Promise<void> {
    const { configFile, config } = this.options;
    try {
      const next = this.load(text ?? config);
      await this.ready;
      await this.pipeline!.apply(next);
      this.config = next;
      this.lastReload = { at: this.clock.now() };
      this.log(`configuration ${configFile} is in force`);
    } catch (error) {
      this.refuse(error as Error);
      throw error;
    }
  }

  private load(text: string | undefined): MonitorConfig {
    const { configFile, alertmanager } = this.options;
    const config = text === undefined ? loadConfigFile(configFile) : loadConfig(text, configFile);
    return alertmanager ? withAlertmanager(config, alertmanager) : config;
  }

  private isReady(): boolean {
    return this.pipeline !== undefined && !this.stopping;
  }

  private externalUrl(): string {
    return (this.options.externalUrl ?? 'http://localhost:9090').replace(/\/$/, '');
  }

  private surroundings(): ApiSurroundings {
    const app = this;
    const { queryTimeout, lookbackDelta } = this.settings;
    return {
      ready: () => app.isReady(),
      stopping: () => app.stopping,
      now: () => app.clock.now(),
      run: (job, options) => app.pipeline!.queries.answer(job, options),
      queryTimeout,
      lookback: lookbackDelta,
      ruleGroups: () => app.pipeline!.rules.groups,
      get targets() {
        return app.pipeline!.scrapes;
      },
      exemplars: (selectors, mint, maxt) => app.pipeline!.db.exemplars(selectors, mint, maxt),
      alertmanagers: () => app.pipeline!.alertmanagers.listed(),
      externalUrl: this.externalUrl(),
      externalLabels: () => app.config.prometheus.global.external_labels,
      status: () => app.status(),
      admin: this.settings.enableAdminApi ? this.admin() : undefined,
    };
  }

  private admin(): Admin {
    const snapshots = path.join(this.options.storagePath, 'snapshots');
    const db = () => this.pipeline!.db;
    return {
      deleteSeries: (matchers, mint, maxt) => db().deleteSeries(matchers, mint, maxt),
      cleanTombstones: () => db().cleanTombstones(),
      snapshot: (name, withHead) => db().snapshot(path.join(snapshots, name), withHead),
    };
  }

  private status(): Status {
    const stats = this.pipeline?.db.stats();
    return {
      configYaml: this.config.text,
      flags: this.options.flags ?? {},
      build: buildInfo,
      head: { numSeries: stats?.series ?? 0, minTime: stats?.minTime ?? 0, maxTime: stats?.maxTime ?? 0 },
      walReplay: { min: 0, max: stats?.walSegment ?? 0, current: stats?.walSegment ?? 0 },
      runtime: {
        startTime: new Date(this.startTime).toISOString(),
        CWD: process.cwd(),
        hostname: hostname(),
        serverTime: new Date(this.clock.now()).toISOString(),
        reloadConfigSuccess: !this.lastReload.fault,
        // Ours, beside what Prometheus tells: the page shows why.
        reloadConfigError: this.lastReload.fault?.message ?? '',
        lastConfigTime: new Date(this.lastReload.at).toISOString(),
        corruptionCount: 0,
        goroutineCount: this.pipeline?.queries.threads ?? 0,
        GOMAXPROCS: 0,
        GOMEMLIMIT: 0,
        GOGC: '',
        GODEBUG: '',
        storageRetention: this.pipeline?.retentionText ?? '',
      },
    };
  }

  private updateMetrics(): void {
    const { metrics, pipeline, lastReload } = this;
    metrics.reloadSuccess.set(lastReload.fault ? 0 : 1);
    metrics.reloadTime.set(lastReload.at / 1000);
    if (!pipeline) return;
    pipeline.updateMetrics();
  }
}
