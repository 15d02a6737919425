import { labelsToRecord } from '@paddlewatch/model';
import type { Alert } from '../alerts/alert.ts';
import type { App } from '../app.ts';
import type { Route } from '../dispatch/route-tree.ts';
import { intervalAt } from '../notify/gates.ts';

export interface AlertStatus {
  readonly state: 'active' | 'suppressed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly mutedBy: readonly string[];
}

/** What holds an alert back now on its way through the routes. */
export function alertStatus(
  { silences, assembly }: App,
  alert: Alert,
  routes: readonly Route[],
  now: number,
): AlertStatus {
  const silencedBy = silences.silencedBy(alert, now);
  const source = assembly.inhibitor.inhibitedBy(alert, now);
  const inhibitedBy = source === undefined ? [] : [source];
  const mutedBy = [...new Set(routes.flatMap((route) => mutingIntervals(route, assembly.intervals, now)))];
  const suppressed = silencedBy.length + inhibitedBy.length + mutedBy.length > 0;
  return { state: suppressed ? 'suppressed' : 'active', silencedBy, inhibitedBy, mutedBy };
}

/** Names of the intervals that mute a route now; outside of its active times, all of these. */
export function mutingIntervals(
  { muteTimeIntervals, activeTimeIntervals }: Route,
  intervals: App['assembly']['intervals'],
  now: number,
): readonly string[] {
  if (activeTimeIntervals.length > 0 && !intervalAt(activeTimeIntervals, intervals, now))
    return activeTimeIntervals;
  const muting = intervalAt(muteTimeIntervals, intervals, now);
  return muting === undefined ? [] : [muting];
}

/** An alert as the API shows it. */
export function gettableAlert(alert: Alert, status: AlertStatus, receivers: readonly string[]) {
  return {
    annotations: alert.annotations,
    endsAt: new Date(alert.endsAt).toISOString(),
    fingerprint: alert.fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: new Date(alert.startsAt).toISOString(),
    status: {
      inhibitedBy: status.inhibitedBy,
      mutedBy: status.mutedBy,
      silencedBy: status.silencedBy,
      state: status.state,
    },
    updatedAt: new Date(alert.updatedAt).toISOString(),
    ...(alert.generatorURL !== '' && { generatorURL: alert.generatorURL }),
    labels: labelsToRecord(alert.labels),
  };
}
