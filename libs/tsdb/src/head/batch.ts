import type { Wal } from '../wal/wal.ts';
import type { Counts } from './commit-result.ts';

/** What a commit carries of one kind beside floats, in the steps of a commit: gathered, then logged, then applied. */
export abstract class Batch<Entry> {
  protected readonly entries: Entry[] = [];
  #begun = 0;

  get length(): number {
    return this.entries.length;
  }

  /** What was gathered so far stays, whatever `undo` takes back. */
  begin(): void {
    this.#begun = this.entries.length;
  }

  undo(): void {
    this.entries.length = this.#begun;
  }

  clear(): void {
    if (this.entries.length > 0) this.entries.length = 0;
    this.#begun = 0;
  }

  /** Adds records of what fits to the log. */
  abstract log(wal: Wal, result: Counts): void;

  /** Shows what was logged to readers. */
  abstract apply(result: Counts): void;
}
