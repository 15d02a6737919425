import v8 from 'node:v8';

/** So long without a job is a rest. Shorter, and a next query of the same dashboard would wait. */
const restMs = 20;
/** What is worth the 10 to 30 ms that collecting takes. */
const worthwhileBytes = 8 * 2 ** 20;

/**
 * Frees in a thread's rests what its queries left behind. V8 alone lets garbage lie until half as much again has come,
 * and a thread without jobs makes none: what the last heavy query took it would keep until the next.
 */
export class Tidy {
  private readonly collect: () => void;
  private readonly isIdle: () => boolean;
  private readonly timer: NodeJS.Timeout;
  private clean = used();

  constructor(collect: () => void, isIdle: () => boolean) {
    this.collect = collect;
    this.isIdle = isIdle;
    this.timer = setTimeout(() => this.rest(), restMs).unref();
  }

  /** Call it after each piece of work. */
  afterWork(): void {
    this.timer.refresh();
  }

  private rest(): void {
    if (!this.isIdle() || used() - this.clean < worthwhileBytes) return;
    this.collect();
    this.clean = used();
  }
}

/** Bytes in the heap and in the arrays outside of it. */
function used(): number {
  const { used_heap_size, external_memory } = v8.getHeapStatistics();
  return used_heap_size + external_memory;
}
