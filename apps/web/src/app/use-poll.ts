import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { type ApiFault, asFault } from '../api/request.ts';
import { startPolling } from './polling.ts';

/** What is known now: the last good answer stays beside a fault, so that a reader sees both. */
export interface Poll<T> {
  data?: T;
  fault?: ApiFault;
  /** When `data` arrived, in milliseconds. */
  at?: number;
  /** Asks again at once. */
  again: () => void;
}

/** Polls `load`; a new `key` says that the question has changed, `keep` that old answers may stay until the new one. */
export function usePoll<T>(
  key: string,
  everyMs: number,
  load: (signal: AbortSignal) => Promise<T>,
  young?: (data: T) => boolean,
): Poll<T> {
  const [known, setKnown] = useState<{ data?: T; fault?: ApiFault; at?: number }>({});
  const [turn, setTurn] = useState(0);
  const ask = useEffectEvent(load);
  // biome-ignore lint/correctness/useExhaustiveDependencies: key and turn stand for the question that `load` asks.
  useEffect(
    () =>
      startPolling({
        load: (signal) => ask(signal),
        everyMs,
        young,
        onData: (data) => setKnown({ data, at: Date.now() }),
        onFault: (cause) => setKnown((before) => ({ ...before, fault: asFault(cause) })),
      }),
    [key, everyMs, turn],
  );
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { ...known, again };
}
