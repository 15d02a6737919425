import { addInterval, type Interval } from '../read/intervals.ts';
import { controlWord, type SharedHead } from './shared-head.ts';

// In shared memory each deletion is three doubles: slot, first and last time. The newest ones are added at the end;
// the row is written anew only when truncation forgets some of them.

const bytesOfOne = 24;

/** What is deleted of the head, by slot. */
export type DeletedSamples = ReadonlyMap<number, readonly Interval[]>;

/** What is deleted of the head, writer's side. Prometheus masks as we do: what comes later into the interval, too. */
export class Deletions {
  readonly #shared: SharedHead;
  readonly #bySlot = new Map<number, Interval[]>();

  constructor(shared: SharedHead) {
    this.#shared = shared;
  }

  add(slot: number, deleted: Interval): void {
    addInterval(this.#bySlot, slot, deleted);
    this.#publish(slot, deleted);
  }

  /** Each series with its intervals. */
  get all(): DeletedSamples {
    return this.#bySlot;
  }

  /** Forgets what ends before `mint`, and the series that are gone. */
  truncate(mint: number, gone: readonly number[]): void {
    if (this.#bySlot.size === 0) return;
    for (const slot of gone) this.#bySlot.delete(slot);
    for (const [slot, intervals] of this.#bySlot) {
      const left = intervals.filter(({ maxt }) => maxt >= mint);
      if (left.length === 0) this.#bySlot.delete(slot);
      else this.#bySlot.set(slot, left);
    }
    const { control } = this.#shared;
    Atomics.add(control, controlWord.deletionsEpoch, 1);
    Atomics.store(control, controlWord.deletions, 0);
    for (const [slot, intervals] of this.#bySlot) for (const one of intervals) this.#publish(slot, one);
    Atomics.add(control, controlWord.deletionsEpoch, 1);
  }

  #publish(slot: number, { mint, maxt }: Interval): void {
    const { control, deletions } = this.#shared;
    const count = control[controlWord.deletions]!;
    deletions.ensure(bytesOfOne * (count + 1));
    deletions.f64.set([slot, mint, maxt], 3 * count);
    Atomics.store(control, controlWord.deletions, count + 1);
  }
}

/** What is deleted of the head, as a reading thread sees it. */
export class DeletionsView {
  readonly #shared: SharedHead;
  #epoch = 0;
  #count = 0;
  #bySlot: DeletedSamples = new Map();

  constructor(shared: SharedHead) {
    this.#shared = shared;
  }

  /** As it is now; later deletions are not in it. Waits out a truncation, which takes the writer some milliseconds. */
  newest(): DeletedSamples {
    const { control } = this.#shared;
    for (;;) {
      const epoch = Atomics.load(control, controlWord.deletionsEpoch);
      const count = Atomics.load(control, controlWord.deletions);
      if (epoch === this.#epoch && count === this.#count) return this.#bySlot;
      if (epoch % 2 !== 0) continue;
      const read = this.#read(count);
      if (Atomics.load(control, controlWord.deletionsEpoch) !== epoch) continue;
      this.#epoch = epoch;
      this.#count = count;
      this.#bySlot = read;
      return read;
    }
  }

  #read(count: number): DeletedSamples {
    const { deletions } = this.#shared;
    deletions.refresh();
    const { f64 } = deletions;
    const read = new Map<number, Interval[]>();
    for (let i = 0; i < count; i++) {
      addInterval(read, f64[3 * i]!, { mint: f64[3 * i + 1]!, maxt: f64[3 * i + 2]! });
    }
    return read;
  }
}
