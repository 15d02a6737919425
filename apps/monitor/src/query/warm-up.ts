import { metricName } from '@paddlewatch/model';
import type { Job } from './job.ts';
import type { LabelIndex } from './lookup.ts';

export interface WarmUpOptions {
  readonly storage: LabelIndex;
  /** Milliseconds since the epoch, of the newest sample. */
  readonly newest: number;
  readonly ask: (job: Job) => Promise<unknown>;
  /** A clock in ms of which only differences matter. */
  readonly elapsed: () => number;
  readonly stopped: () => boolean;
}

/** Longest time of it all. */
const mostMs = 500;
const mostNames = 8;
/** After so many calls most functions are compiled. */
const rounds = 4;
const hour = 3_600_000;

/**
 * Asks about what is stored what people ask, one question in a turn of the event loop: a cold engine takes 30 ms for
 * the first light query and half a millisecond for the hundredth, and the first one is a person's who has just
 * restarted the server.
 */
export async function warmUp({ storage, newest, ask, elapsed, stopped }: WarmUpOptions): Promise<void> {
  if (!Number.isFinite(newest)) return;
  const started = elapsed();
  const names = await storage.labelValues(metricName, [], newest - hour, newest, mostNames);
  for (let round = 0; round < rounds; round++)
    for (const name of names)
      for (const job of questions(name, newest)) {
        await new Promise((resolve) => setImmediate(resolve));
        if (stopped() || elapsed() - started > mostMs) return;
        await ask(job);
      }
}

function questions(name: string, newest: number): Job[] {
  const selector = `{__name__=${JSON.stringify(name)}}`;
  const instant = (query: string) => ({ kind: 'instant', query, time: newest, limit: 0 }) as const;
  const range = (query: string) =>
    ({ kind: 'range', query, start: newest - hour, end: newest, step: 60_000, limit: 0 }) as const;
  return [
    instant(selector),
    instant(`sum by (job) (rate(${selector}[5m]))`),
    range(`topk(1, max by (instance) (${selector}))`),
    range(`absent(${selector}) > 0`),
    { kind: 'values', name: 'instance', selectors: [], mint: newest - hour, maxt: newest, limit: 0 },
  ];
}
