/** What polling needs of the document: browsers tell by it whether anybody looks. */
export interface Watched {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', hear: () => void): void;
  removeEventListener(type: 'visibilitychange', hear: () => void): void;
}

export interface PollingOptions<T> {
  load: (signal: AbortSignal) => Promise<T>;
  /** Pause between an answer and the next question; 0: ask once. */
  everyMs: number;
  /** Whether an answer is one of a beginning, with next to nothing in it: then the next question follows in a second. */
  young?: (data: T) => boolean;
  onData: (data: T) => void;
  onFault: (fault: unknown) => void;
  watched?: Watched;
}

const youngMs = 1000;

/**
 * Asks at once and then again and again, one question at a time. While the tab is hidden nothing is asked and what was
 * under way is cancelled; when it shows again, a fresh answer is fetched at once. Returns the way to stop.
 */
export function startPolling<T>(options: PollingOptions<T>): () => void {
  const { load, everyMs, young, onData, onFault, watched = document } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let inFlight: AbortController | undefined;
  let asked = false;

  async function turn(): Promise<void> {
    const controller = new AbortController();
    inFlight = controller;
    asked = true;
    let pauseMs = everyMs;
    try {
      const data = await load(controller.signal);
      if (controller.signal.aborted) return;
      onData(data);
      if (young?.(data)) pauseMs = Math.min(youngMs, everyMs);
    } catch (fault) {
      if (controller.signal.aborted) return;
      onFault(fault);
    }
    inFlight = undefined;
    if (everyMs > 0) timer = setTimeout(turn, pauseMs);
  }

  function pause(): void {
    if (inFlight) asked = false;
    inFlight?.abort();
    inFlight = undefined;
    clearTimeout(timer);
  }

  function onVisibility(): void {
    pause();
    if (!watched.hidden && (everyMs > 0 || !asked)) void turn();
  }

  watched.addEventListener('visibilitychange', onVisibility);
  if (!watched.hidden) void turn();
  return () => {
    watched.removeEventListener('visibilitychange', onVisibility);
    pause();
  };
}
