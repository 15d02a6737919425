import { type Alert, isResolved } from '../alerts/alert.ts';
import { TooManyAlerts } from '../alerts/alert-store.ts';
import type { App } from '../app.ts';
import { matchRoutes } from '../dispatch/route-tree.ts';
import { matchesAll } from '../matchers/label-matcher.ts';
import { ApiError, badRequest } from './api-error.ts';
import { type AlertStatus, alertStatus, gettableAlert } from './gettable-alert.ts';
import { readAlert } from './postable-alert.ts';
import { flag, matcherList, type Query, receiverTest } from './query.ts';

/** Takes the good alerts of a batch, and then says what was wrong with the others. */
export function postAlerts(app: App, body: unknown): void {
  if (!Array.isArray(body)) throw badRequest('cannot read alerts: the body must be a JSON array');
  const now = app.clock.now();
  const resolveTimeout = app.assembly.loaded.config.global.resolve_timeout;
  const good: Alert[] = [];
  const faults: string[] = [];
  for (const json of body) {
    try {
      good.push(readAlert(json, now, resolveTimeout));
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  app.metrics.invalid.with('v2').inc(faults.length);
  try {
    app.receive(good);
  } catch (error) {
    if (!(error instanceof TooManyAlerts)) throw error;
    throw new ApiError(429, [...faults, error.message].join('; '));
  }
  if (faults.length > 0) throw badRequest(faults.join('; '));
}

/** Alerts that fire, by fingerprint. */
export function getAlerts(app: App, query: Query) {
  const shown = statusFilter(query);
  const filter = matcherList(query, 'filter');
  const ofReceiver = receiverTest(query);
  const now = app.clock.now();
  const found: ReturnType<typeof gettableAlert>[] = [];
  for (const alert of app.alerts.values()) {
    if (isResolved(alert, now) || !matchesAll(filter, alert.labels)) continue;
    const routes = matchRoutes(app.assembly.dispatcher.root, alert.labels);
    const receivers = [...new Set(routes.map(({ receiver }) => receiver))];
    if (!receivers.some(ofReceiver)) continue;
    const status = alertStatus(app, alert, routes, now);
    if (shown(status)) found.push(gettableAlert(alert, status, receivers));
  }
  return found.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** Groups that have alerts which fire, by labels and then by receiver. */
export function getGroups(app: App, query: Query) {
  const shown = statusFilter(query);
  const filter = matcherList(query, 'filter');
  const ofReceiver = receiverTest(query);
  const muted = flag(query, 'muted', true);
  const now = app.clock.now();
  const receiversOf = receiverCache(app);
  const found = [];
  for (const group of app.assembly.dispatcher.groups) {
    if (!ofReceiver(group.route.receiver)) continue;
    const alerts = [];
    for (const alert of group.alerts) {
      if (isResolved(alert, now) || !matchesAll(filter, alert.labels)) continue;
      const status = alertStatus(app, alert, [group.route], now);
      if (!shown(status) || (!muted && status.mutedBy.length > 0)) continue;
      alerts.push(gettableAlert(alert, status, receiversOf(alert)));
    }
    if (alerts.length === 0) continue;
    alerts.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    found.push({
      alerts,
      labels: Object.fromEntries(pairs(group.labels)),
      routeLabels: group.route.labels,
      receiver: { name: group.route.receiver },
      key: group.key,
      nextNotificationAt: new Date(group.nextAt).toISOString(),
    });
  }
  return found
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.receiver.name < b.receiver.name ? -1 : 1))
    .map(({ key: _, ...group }) => group);
}

function receiverCache(app: App): (alert: Alert) => string[] {
  const known = new Map<string, string[]>();
  return (alert) => {
    const cached = known.get(alert.fingerprint);
    if (cached) return cached;
    const routes = matchRoutes(app.assembly.dispatcher.root, alert.labels);
    const receivers = [...new Set(routes.map(({ receiver }) => receiver))];
    known.set(alert.fingerprint, receivers);
    return receivers;
  };
}

function* pairs(labels: readonly string[]): Generator<[string, string]> {
  for (let i = 0; i < labels.length; i += 2) yield [labels[i]!, labels[i + 1]!];
}

/** `active`, `silenced` and `inhibited` hide alerts of that status where they are false. */
function statusFilter(query: Query): (status: AlertStatus) => boolean {
  const active = flag(query, 'active', true);
  const silenced = flag(query, 'silenced', true);
  const inhibited = flag(query, 'inhibited', true);
  // Every alert is processed when it is received, so this one changes nothing.
  flag(query, 'unprocessed', true);
  return (status) =>
    (active || status.state !== 'active') &&
    (silenced || status.silencedBy.length === 0) &&
    (inhibited || status.inhibitedBy.length === 0);
}
