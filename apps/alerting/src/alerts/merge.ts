import type { Alert } from './alert.ts';

/**
 * What an alert is after an update. Where the two overlap they are one occurrence: it began when the earlier began, an
 * end that a sender named beats a guessed one, and of two alike the later end wins unless the newer one is a resolution.
 */
export function merge(known: Alert, update: Alert): Alert {
  const overlap =
    (update.endsAt > known.startsAt && update.endsAt < known.endsAt) ||
    (update.startsAt > known.startsAt && update.startsAt < known.endsAt) ||
    (update.startsAt <= known.startsAt && update.endsAt >= known.endsAt) ||
    update.startsAt === known.startsAt;
  if (!overlap) return { ...update, receivedAt: update.updatedAt };
  return {
    ...update,
    receivedAt: known.receivedAt,
    startsAt: Math.min(update.startsAt, known.startsAt),
    ...mergedEnd(known, update),
  };
}

function mergedEnd(known: Alert, update: Alert): Pick<Alert, 'endsAt' | 'timeout'> {
  const { endsAt, timeout } = update;
  if (endsAt <= update.updatedAt) return { endsAt, timeout };
  const knownResolved = known.endsAt <= update.updatedAt;
  if (!knownResolved && known.endsAt > endsAt && known.timeout === timeout)
    return { endsAt: known.endsAt, timeout };
  if (!knownResolved && !known.timeout && timeout) return { endsAt: known.endsAt, timeout: false };
  return { endsAt, timeout };
}
