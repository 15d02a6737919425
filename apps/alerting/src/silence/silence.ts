import type { Matcher } from '@paddlewatch/model';

/** A silence as it is stored. Times are milliseconds since the epoch. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly updatedAt: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export type SilenceState = 'pending' | 'active' | 'expired';

export function silenceState({ startsAt, endsAt }: Silence, now: number): SilenceState {
  if (now < startsAt) return 'pending';
  return now < endsAt ? 'active' : 'expired';
}

const stateOrder: readonly SilenceState[] = ['active', 'pending', 'expired'];

/** Active ones that end first, then pending ones that start first, then expired ones that ended last. */
export function compareSilences(a: Silence, b: Silence, now: number): number {
  const [first, second] = [silenceState(a, now), silenceState(b, now)];
  if (first !== second) return stateOrder.indexOf(first) - stateOrder.indexOf(second);
  if (first === 'active') return a.endsAt - b.endsAt;
  return first === 'pending' ? a.startsAt - b.startsAt : b.endsAt - a.endsAt;
}
