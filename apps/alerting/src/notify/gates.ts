import type { Alert } from '../alerts/alert.ts';
import type { Route } from '../dispatch/route-tree.ts';
import type { Inhibitor } from '../inhibit/inhibitor.ts';
import { inAnyInterval, type TimeInterval } from '../intervals/time-interval.ts';
import type { Silences } from '../silence/silences.ts';

/** A stage that lets an alert of a route pass, or says why it is held back. */
export interface Gate {
  holds(alert: Alert, route: Route, now: number): string | undefined;
}

export type Intervals = ReadonlyMap<string, readonly TimeInterval[]>;

export function inhibitionGate(inhibitor: Inhibitor): Gate {
  return {
    holds(alert, _, now) {
      const source = inhibitor.inhibitedBy(alert, now);
      return source && `inhibited by alert ${source}`;
    },
  };
}

export function activeTimeGate(intervals: Intervals): Gate {
  return {
    holds(_, { activeTimeIntervals: names }, now) {
      if (names.length === 0 || intervalAt(names, intervals, now)) return undefined;
      return `outside of the active time intervals ${names.join(', ')}`;
    },
  };
}

export function muteTimeGate(intervals: Intervals): Gate {
  return {
    holds(_, { muteTimeIntervals: names }, now) {
      const name = intervalAt(names, intervals, now);
      return name && `muted by the time interval ${name}`;
    },
  };
}

export function silenceGate(silences: Silences): Gate {
  return {
    holds(alert, _, now) {
      const ids = silences.silencedBy(alert, now);
      return ids.length > 0 ? `silenced by ${ids.join(', ')}` : undefined;
    },
  };
}

/** The first of the named intervals that a moment lies in. */
export function intervalAt(names: readonly string[], intervals: Intervals, now: number): string | undefined {
  return names.find((name) => inAnyInterval(intervals.get(name) ?? [], now));
}
