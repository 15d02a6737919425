import type { Reason } from './notification.ts';
import type { LogEntry } from './notification-log.ts';

export interface Decision {
  readonly entry: LogEntry | undefined;
  /** Fingerprints. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly sendResolved: boolean;
  readonly repeatInterval: number;
  readonly now: number;
}

/** Whether a group has something to tell that was not told yet, and why; undefined where it has not. */
export function decide({
  entry,
  firing,
  resolved,
  sendResolved,
  repeatInterval,
  now,
}: Decision): Reason | undefined {
  if (!entry) return firing.length > 0 ? 'first notification' : undefined;
  if (!isSubset(firing, entry.firing)) return 'new alerts added to group';
  // Told even where resolutions are not sent: the log must learn that nothing fires any more.
  if (firing.length === 0) return entry.firing.length > 0 ? 'all alerts resolved' : undefined;
  if (sendResolved && !isSubset(resolved, entry.resolved)) return 'some alerts resolved';
  return now - entry.at >= repeatInterval ? 'repeat interval elapsed' : undefined;
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  const known = new Set(whole);
  return part.every((item) => known.has(item));
}
