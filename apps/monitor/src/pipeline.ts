import type { Registry } from '@paddlewatch/metrics';
import { type Clock, formatDuration } from '@paddlewatch/model';
import type { Db } from '@paddlewatch/tsdb';
import { buildInfo } from './build-info.ts';
import type { MonitorConfig } from './config/load.ts';
import { Alertmanagers } from './notify/alertmanagers.ts';
import { Notifier } from './notify/notifier.ts';
import { outgoingAlert } from './notify/outgoing-alert.ts';
import type { MonitorSettings } from './options.ts';
import type { OwnMetrics } from './own-metrics.ts';
import { QueryService } from './query/query-service.ts';
import { relabel } from './relabel/relabel.ts';
import { Retention } from './retention.ts';
import type { Transition } from './rules/alert.ts';
import type { Rule, RuleGroup } from './rules/group.ts';
import { Rules } from './rules/rules.ts';
import { storageWriter } from './rules/writer.ts';
import { ScrapePools } from './scrape/scrape-pools.ts';

export interface PipelineOptions {
  readonly db: Db;
  /** The first configuration. */
  readonly config: MonitorConfig;
  readonly settings: MonitorSettings;
  readonly clock: Clock;
  readonly externalUrl: string;
  readonly registry: Registry;
  readonly metrics: OwnMetrics;
  readonly log: (line: string) => void;
  readonly onTransition: (transition: Transition) => void;
}

/** Everything behind an open storage: scrapes, queries, rules, notification. */
export class Pipeline {
  readonly db: Db;
  readonly scrapes: ScrapePools;
  readonly queries: QueryService;
  readonly rules: Rules;
  readonly alertmanagers: Alertmanagers;
  private readonly options: PipelineOptions;
  private readonly retention: Retention;
  private readonly notifier: Notifier;

  constructor(options: PipelineOptions) {
    const { db, clock, settings, config } = options;
    this.options = options;
    this.db = db;
    this.scrapes = new ScrapePools({
      appender: db.appender(),
      folder: config.folder,
      registry: options.registry,
      clock,
      userAgent: `Prometheus/${buildInfo.version}`,
      onError: (error, job) => options.log(`job ${job}: ${error.message}`),
    });
    this.queries = new QueryService({
      clock,
      db,
      timeout: settings.queryTimeout,
      maxConcurrency: settings.queryMaxConcurrency,
      engine: {
        lookbackDelta: settings.lookbackDelta,
        maxSamples: settings.queryMaxSamples,
        subqueryStep: config.prometheus.global.evaluation_interval,
      },
    });
    this.retention = new Retention({ storage: db, clock, age: defaultRetention, log: options.log });
    this.notifier = this.newNotifier();
    this.alertmanagers = new Alertmanagers({
      notifier: this.notifier,
      clock,
      onError: (error) => options.log(error.message),
    });
    this.rules = this.newRules();
  }

  /** `15d`, `512MiB` or both, as Prometheus tells it. */
  get retentionText(): string {
    const { time, size } = this.db.retention;
    return [time > 0 && formatDuration(time), size > 0 && formatBytes(size)].filter(Boolean).join(' or ');
  }

  /** Goes over to a configuration that was loaded without faults. */
  async apply(config: MonitorConfig): Promise<void> {
    const { global, alerting, storage } = config.prometheus;
    this.db.retention = retentionOf(storage.tsdb.retention, this.options.settings);
    this.retention.age = this.db.retention.time;
    this.db.outOfOrderWindow = storage.tsdb.out_of_order_time_window;
    this.db.maxExemplars = storage.exemplars.max_exemplars;
    this.notifier.configure({
      externalLabels: global.external_labels,
      relabel: (labels) => relabel(labels, alerting.alert_relabel_configs),
    });
    await this.alertmanagers.apply(alerting.alertmanagers, config.folder);
    await this.scrapes.update(config.jobs);
    await this.rules.load(config.groups, {
      interval: global.evaluation_interval,
      queryOffset: global.rule_query_offset,
      annotator: { externalLabels: global.external_labels, externalUrl: this.options.externalUrl },
    });
  }

  /** In the order in which data flow, so that each step still hears the last of the one before. */
  async stop(): Promise<void> {
    await this.scrapes.stop();
    await this.rules.stop();
    await this.notifier.drain();
    await this.alertmanagers.close();
    await this.queries.close();
    await this.retention.stop();
    await this.db.close();
  }

  updateMetrics(): void {
    const { metrics, settings } = this.options;
    const { series, minTime, maxTime, headBytes, walSegment } = this.db.stats();
    metrics.headSeries.set(series);
    metrics.headMinTime.set(Number.isFinite(minTime) ? minTime / 1000 : 0);
    metrics.headMaxTime.set(Number.isFinite(maxTime) ? maxTime / 1000 : 0);
    metrics.headBytes.set(headBytes);
    metrics.walSegment.set(walSegment);
    const exemplars = this.db.exemplarStats;
    metrics.exemplars.set(exemplars.held);
    metrics.exemplarSeries.set(exemplars.series);
    metrics.exemplarsLimit.set(exemplars.capacity);
    metrics.exemplarsOldest.set(Number.isFinite(exemplars.oldest) ? exemplars.oldest / 1000 : 0);
    metrics.queriesRunning.set(this.queries.callers.busy + this.queries.rules.busy);
    metrics.queriesWaiting.set(this.queries.callers.waiting + this.queries.rules.waiting);
    metrics.queriesLimit.set(settings.queryMaxConcurrency);
    metrics.queued.set(this.notifier.waiting);
    metrics.queueCapacity.set(settings.notificationQueueCapacity);
    metrics.alertmanagers.set(this.notifier.urls.length);
    for (const group of this.rules.groups) this.updateGroup(group);
  }

  private updateGroup(group: RuleGroup): void {
    const { metrics } = this.options;
    const key = keyOf(group);
    metrics.groupInterval.with(key).set(group.interval / 1000);
    metrics.groupRules.with(key).set(group.rules.length);
    metrics.groupSeconds.with(key).set(group.evaluationTime);
    metrics.groupTime.with(key).set((group.lastEvaluation ?? 0) / 1000);
  }

  private newNotifier(): Notifier {
    const { settings, metrics, log } = this.options;
    return new Notifier({
      queueCapacity: settings.notificationQueueCapacity,
      batchSize: settings.notificationBatchSize,
      elapsed: () => performance.now(),
      onSent(url, alerts, seconds) {
        metrics.sent.with(url).inc(alerts);
        metrics.sendSeconds.observe(seconds);
      },
      onDropped(url, alerts, reason, error) {
        metrics.dropped.inc(alerts);
        if (reason === 'failed') metrics.sendErrors.with(url).inc(alerts);
        log(error ? error.message : `dropped ${alerts} alerts for ${url}: too many are waiting`);
      },
    });
  }

  private newRules(): Rules {
    const { clock, settings, metrics, db, externalUrl, onTransition } = this.options;
    return new Rules({
      clock,
      elapsed: () => performance.now(),
      query: (text, at) => this.queries.vector(text, at),
      writer: storageWriter(db.appender(), (samples) => metrics.refusedSamples.inc(samples)),
      resendDelay: settings.resendDelay,
      send: (rule, alerts) =>
        this.notifier.send(alerts.map((alert) => outgoingAlert(alert, rule.spec.query.text, externalUrl))),
      onTransition,
      onEvaluated: (group: RuleGroup, rule: Rule, seconds: number) => {
        metrics.evaluations.with(keyOf(group)).inc();
        if (rule.health.health === 'err') metrics.evaluationFailures.with(keyOf(group)).inc();
        metrics.evaluationSeconds.observe(seconds);
      },
      onIteration: (group, missed) => {
        metrics.iterations.with(keyOf(group)).inc(1 + missed);
        metrics.iterationsMissed.with(keyOf(group)).inc(missed);
      },
      restore: {
        outageTolerance: settings.outageTolerance,
        gracePeriod: settings.gracePeriod,
        samples: (matchers, from, to) => this.queries.samples(matchers, from, to),
      },
    });
  }
}

const defaultRetention = 15 * 24 * 3_600_000;

function retentionOf(
  config: { readonly time?: number | undefined; readonly size?: number | undefined },
  settings: MonitorSettings,
): { time: number; size: number } {
  const time = config.time || settings.retention;
  const size = config.size || settings.retentionSize;
  return { time: time === 0 && size === 0 ? defaultRetention : time, size };
}

/** In the largest unit that leaves a whole number. */
function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let unit = 0;
  let count = bytes;
  while (count % 1024 === 0 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return `${count}${units[unit]}`;
}

function keyOf({ spec }: RuleGroup): string {
  return `${spec.file};${spec.name}`;
}
