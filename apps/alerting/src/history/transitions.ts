import { type Alert, isResolved } from '../alerts/alert.ts';
import { type HistoryEvent, transitionEvent } from './event.ts';

/** Tells when alerts begin and cease to fire, as their senders, or their silence, say. */
export class Transitions {
  readonly #append: (event: HistoryEvent) => void;
  readonly #firing = new Map<string, Alert>();

  constructor(append: (event: HistoryEvent) => void, known: Iterable<Alert>, now: number) {
    this.#append = append;
    for (const alert of known) if (!isResolved(alert, now)) this.#firing.set(alert.fingerprint, alert);
  }

  /** Takes note of an alert's new state. */
  observe(alert: Alert, now: number): void {
    const fired = this.#firing.has(alert.fingerprint);
    if (!isResolved(alert, now)) {
      this.#firing.set(alert.fingerprint, alert);
      if (!fired) this.#append(transitionEvent(alert, 'firing', now, 'its sender says so'));
    } else if (fired) {
      this.#firing.delete(alert.fingerprint);
      this.#append(transitionEvent(alert, 'inactive', now, 'its sender says that it ended'));
    }
  }

  /** Finds alerts that ended because nobody said any more that they fire. */
  sweep(now: number): void {
    for (const alert of this.#firing.values()) {
      if (!isResolved(alert, now)) continue;
      this.#firing.delete(alert.fingerprint);
      this.#append(transitionEvent(alert, 'inactive', alert.endsAt, 'its sender fell silent'));
    }
  }
}
