import type { Clock } from '@paddlewatch/model';

interface Appointment {
  readonly calls: Set<() => void>;
  readonly cancel: () => void;
}

/** Calls at given times, in the order in which they were asked for. Those of the same time share a timer of the clock. */
export class Agenda {
  readonly #clock: Clock;
  readonly #appointments = new Map<number, Appointment>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls once at `time`, milliseconds since the epoch; what it returns cancels. */
  at(time: number, call: () => void): () => void {
    const { calls } = this.#appointments.get(time) ?? this.#appoint(time);
    // The same function may be asked for twice.
    const entry = () => call();
    calls.add(entry);
    return () => {
      if (calls.delete(entry) && calls.size === 0) this.#end(time);
    };
  }

  #appoint(time: number): Appointment {
    const calls = new Set<() => void>();
    const cancel = this.#clock.after(time - this.#clock.now(), () => {
      this.#appointments.delete(time);
      for (const call of calls) call();
    });
    const appointment = { calls, cancel };
    this.#appointments.set(time, appointment);
    return appointment;
  }

  #end(time: number): void {
    const appointment = this.#appointments.get(time);
    // While the calls are being made there is none any more, or already another one.
    if (appointment?.calls.size !== 0) return;
    appointment.cancel();
    this.#appointments.delete(time);
  }
}
