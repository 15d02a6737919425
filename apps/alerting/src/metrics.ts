import type { Registry } from '@paddlewatch/metrics';

/** What alerting counts, under Alertmanager's names where it has one. */
export function alertingMetrics(registry: Registry) {
  const gauge = (name: string, help: string) => registry.gauge({ name, help });
  return {
    received: registry.counter({
      name: 'alertmanager_alerts_received_total',
      help: 'Alerts that were received, by state.',
      labels: ['status', 'version'],
    }),
    invalid: registry.counter({
      name: 'alertmanager_alerts_invalid_total',
      help: 'Received alerts that were refused.',
      labels: ['version'],
    }),
    notifications: registry.counter({
      name: 'alertmanager_notifications_total',
      help: 'Notifications that were to be sent.',
      labels: ['integration', 'receiver_name'],
    }),
    failed: registry.counter({
      name: 'alertmanager_notifications_failed_total',
      help: 'Notifications that were given up.',
      labels: ['integration', 'receiver_name'],
    }),
    requests: registry.counter({
      name: 'alertmanager_notification_requests_total',
      help: 'Attempts to send, retries included.',
      labels: ['integration', 'receiver_name'],
    }),
    latency: registry.histogram({
      name: 'alertmanager_notification_latency_seconds',
      help: 'Time an attempt to send took.',
      labels: ['integration', 'receiver_name'],
      buckets: [0.1, 0.5, 1, 5, 10, 15, 20],
    }),
    suppressed: registry.counter({
      name: 'alertmanager_notifications_suppressed_total',
      help: 'Alerts held back from a notification.',
      labels: ['receiver_name'],
    }),
    refused: registry.counter({
      name: 'paddlewatch_alerts_refused_total',
      help: 'New alerts for which there was no room.',
    }),
    known: gauge('paddlewatch_alerts_known', 'Alerts that are remembered, resolved ones included.'),
    limit: gauge('paddlewatch_alerts_limit', 'Alerts that may be remembered, 0 for no limit.'),
    alerts: registry.gauge({ name: 'alertmanager_alerts', help: 'Alerts by state.', labels: ['state'] }),
    silences: registry.gauge({
      name: 'alertmanager_silences',
      help: 'Silences by state.',
      labels: ['state'],
    }),
    groups: gauge('alertmanager_dispatcher_aggregation_groups', 'Groups that have alerts.'),
    logEntries: gauge('paddlewatch_notification_log_entries', 'Entries of the notification log.'),
    reloadOk: gauge('alertmanager_config_last_reload_successful', 'Whether the last reload worked.'),
    reloadAt: gauge(
      'alertmanager_config_last_reload_success_timestamp_seconds',
      'When the configuration was last loaded.',
    ),
  };
}

export type AlertingMetrics = ReturnType<typeof alertingMetrics>;
