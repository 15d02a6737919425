import type { Labels } from './frame.ts';
import { alertmanager } from './request.ts';

export interface GroupedAlert {
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  endsAt: string;
  fingerprint: string;
  generatorURL?: string;
  status: {
    state: 'unprocessed' | 'active' | 'suppressed';
    silencedBy: string[];
    inhibitedBy: string[];
    mutedBy?: string[];
  };
}

/** Alerts as they are notified: those that share the group's labels go to its receiver in one message. */
export interface AlertGroup {
  labels: Labels;
  receiver: { name: string };
  alerts: GroupedAlert[];
}

export function alertGroups(signal: AbortSignal): Promise<AlertGroup[]> {
  return alertmanager('alerts/groups', { signal });
}
