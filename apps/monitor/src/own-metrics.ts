import type { Registry } from '@paddlewatch/metrics';
import { buildInfo } from './build-info.ts';

/** The monitor's metrics of itself, under Prometheus' names where there is one. */
export function ownMetrics(registry: Registry) {
  const { version, revision, branch, goVersion } = buildInfo;
  registry
    .gauge({
      name: 'prometheus_build_info',
      help: 'The version whose interfaces this server speaks.',
      labels: ['version', 'revision', 'branch', 'goversion'],
    })
    .with(version, revision, branch, goVersion)
    .set(1);
  return {
    ready: registry.gauge({
      name: 'prometheus_ready',
      help: 'Whether startup is over and queries are answered.',
    }),
    reloadSuccess: registry.gauge({
      name: 'prometheus_config_last_reload_successful',
      help: 'Whether the last configuration reload was successful.',
    }),
    reloadTime: registry.gauge({
      name: 'prometheus_config_last_reload_success_timestamp_seconds',
      help: 'Time of the last successful configuration reload.',
    }),
    ...storageMetrics(registry),
    ...ruleMetrics(registry),
    ...notificationMetrics(registry),
    queriesRunning: registry.gauge({
      name: 'prometheus_engine_queries',
      help: 'Queries that are evaluated now.',
    }),
    queriesWaiting: registry.gauge({
      name: 'paddlewatch_queries_waiting',
      help: 'Queries that wait for a query thread.',
    }),
    queriesLimit: registry.gauge({
      name: 'prometheus_engine_queries_concurrent_max',
      help: 'The most queries that are evaluated at once.',
    }),
  };
}

export type OwnMetrics = ReturnType<typeof ownMetrics>;

function storageMetrics(registry: Registry) {
  return {
    headSeries: registry.gauge({ name: 'prometheus_tsdb_head_series', help: 'Series in the head.' }),
    headMinTime: registry.gauge({
      name: 'prometheus_tsdb_head_min_time_seconds',
      help: 'Time of the oldest sample in the head.',
    }),
    headMaxTime: registry.gauge({
      name: 'prometheus_tsdb_head_max_time_seconds',
      help: 'Time of the newest sample in the head.',
    }),
    headBytes: registry.gauge({ name: 'paddlewatch_tsdb_head_bytes', help: 'Memory that the head uses.' }),
    walSegment: registry.gauge({
      name: 'prometheus_tsdb_wal_segment_current',
      help: 'Number of the write-ahead log segment that is written.',
    }),
    exemplars: registry.gauge({
      name: 'prometheus_tsdb_exemplar_exemplars_in_storage',
      help: 'Exemplars that are kept.',
    }),
    exemplarSeries: registry.gauge({
      name: 'prometheus_tsdb_exemplar_series_with_exemplars_in_storage',
      help: 'Series of which exemplars are kept.',
    }),
    exemplarsLimit: registry.gauge({
      name: 'prometheus_tsdb_exemplar_max_exemplars',
      help: 'The most exemplars that are kept.',
    }),
    exemplarsOldest: registry.gauge({
      name: 'prometheus_tsdb_exemplar_last_exemplars_timestamp_seconds',
      help: 'Time of the oldest exemplar that is kept, 0 where there is none.',
    }),
  };
}

function ruleMetrics(registry: Registry) {
  const labels = ['rule_group'] as const;
  return {
    evaluations: registry.counter({
      name: 'prometheus_rule_evaluations_total',
      help: 'Evaluations of rules.',
      labels,
    }),
    evaluationFailures: registry.counter({
      name: 'prometheus_rule_evaluation_failures_total',
      help: 'Evaluations of rules that failed.',
      labels,
    }),
    evaluationSeconds: registry.histogram({
      name: 'paddlewatch_rule_evaluation_duration_seconds',
      help: 'Time that evaluations of single rules took.',
    }),
    refusedSamples: registry.counter({
      name: 'paddlewatch_rule_samples_refused_total',
      help: 'Results of rules that the storage did not take: their series has a newer or another sample.',
    }),
    iterations: registry.counter({
      name: 'prometheus_rule_group_iterations_total',
      help: 'Slots in which a group was due.',
      labels,
    }),
    iterationsMissed: registry.counter({
      name: 'prometheus_rule_group_iterations_missed_total',
      help: 'Slots that a group missed because its evaluation took too long.',
      labels,
    }),
    groupSeconds: registry.gauge({
      name: 'prometheus_rule_group_last_duration_seconds',
      help: 'Time that the last evaluation of a group took.',
      labels,
    }),
    groupTime: registry.gauge({
      name: 'prometheus_rule_group_last_evaluation_timestamp_seconds',
      help: 'Time of the last evaluation of a group.',
      labels,
    }),
    groupInterval: registry.gauge({
      name: 'prometheus_rule_group_interval_seconds',
      help: 'Interval of a group.',
      labels,
    }),
    groupRules: registry.gauge({ name: 'prometheus_rule_group_rules', help: 'Rules of a group.', labels }),
  };
}

function notificationMetrics(registry: Registry) {
  const labels = ['alertmanager'] as const;
  return {
    sent: registry.counter({
      name: 'prometheus_notifications_sent_total',
      help: 'Alerts sent to an Alertmanager.',
      labels,
    }),
    sendErrors: registry.counter({
      name: 'prometheus_notifications_errors_total',
      help: 'Alerts that an Alertmanager did not take.',
      labels,
    }),
    dropped: registry.counter({
      name: 'prometheus_notifications_dropped_total',
      help: 'Alerts that were not sent, because of errors or a full queue.',
    }),
    sendSeconds: registry.histogram({
      name: 'paddlewatch_notifications_latency_seconds',
      help: 'Time that sending a batch of alerts took.',
    }),
    queued: registry.gauge({
      name: 'prometheus_notifications_queue_length',
      help: 'Alerts that wait to be sent.',
    }),
    queueCapacity: registry.gauge({
      name: 'prometheus_notifications_queue_capacity',
      help: 'Alerts that may wait for one Alertmanager.',
    }),
    alertmanagers: registry.gauge({
      name: 'prometheus_notifications_alertmanagers_discovered',
      help: 'Alertmanagers that hear our alerts.',
    }),
  };
}
