const canceled = 0;
const jobs = 1;
const lent = 2;

/**
 * What others tell a busy thread, and what they see of it. It lies in shared memory: a thread that computes hears no
 * message.
 */
export class ThreadFlags {
  readonly words: Int32Array<SharedArrayBuffer>;

  constructor(words = new Int32Array(new SharedArrayBuffer(12))) {
    this.words = words;
  }

  /** A thread that is still starting is nobody's partner. */
  static ofNewThread(): ThreadFlags {
    const flags = new ThreadFlags();
    flags.lend();
    return flags;
  }

  /** Tells the thread to give a job up. */
  cancel(job: number): void {
    Atomics.store(this.words, canceled, job);
  }

  isCanceled(job: number): boolean {
    return Atomics.load(this.words, canceled) === job;
  }

  /** From when a job is sent to the thread until it is answered. */
  get hasJob(): boolean {
    return Atomics.load(this.words, jobs) > 0;
  }

  /** By a job or by a colleague. */
  get isTaken(): boolean {
    return this.hasJob || Atomics.load(this.words, lent) === 1;
  }

  jobSent(): void {
    Atomics.add(this.words, jobs, 1);
  }

  jobAnswered(): void {
    Atomics.sub(this.words, jobs, 1);
  }

  /** Takes the thread as a partner, if it has nothing to do. */
  lend(): boolean {
    return !this.hasJob && Atomics.compareExchange(this.words, lent, 0, 1) === 0;
  }

  /** The thread is its own again. */
  giveBack(): void {
    Atomics.store(this.words, lent, 0);
  }
}
