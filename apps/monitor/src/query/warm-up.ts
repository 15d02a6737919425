import { setTimeout as delay } from 'node:timers/promises';
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
  /** Lets the event loop do what waits, for that many ms at least. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** So much it asks without a pause: the first caller may come at once. */
const hurryMs = 500;
/** The part of the time that it takes from then on, so that a caller meets one question at most, and mostly none. */
const share = 0.2;
/** What all questions may take together. */
const mostMs = 1_500;
/** Where each takes little, so many are enough. */
const rounds = 50;
const mostNames = 8;
const hour = 3_600_000;

/**
 * Asks about what is stored what people ask, one question in a turn of the event loop: a cold engine takes 30 ms for
 * the first light query, two for the hundredth and one for the thousandth, and the first one is a person's who has
 * just restarted the server.
 */
export async function warmUp(options: WarmUpOptions): Promise<void> {
  const { storage, newest, ask, elapsed, stopped, pause = turn } = options;
  if (!Number.isFinite(newest)) return;
  const names = await storage.labelValues(metricName, [], newest - hour, newest, mostNames);
  let [last, spent] = [0, 0];
  for (let round = 0; round < rounds; round++)
    for (const name of names)
      for (const job of questions(name, newest)) {
        await pause(spent < hurryMs ? 0 : last * (1 / share - 1));
        if (stopped() || spent > mostMs) return;
        const began = elapsed();
        await ask(job);
        last = elapsed() - began;
        spent += last;
      }
}

/** A timer of zero would cost a millisecond. */
function turn(ms: number): Promise<unknown> {
  return ms > 0 ? delay(ms, undefined, { ref: false }) : new Promise((resolve) => setImmediate(resolve));
}

function questions(name: string, newest: number): Job[] {
  const selector = `{__name__=${JSON.stringify(name)}}`;
  const instant = (query: string) => ({ kind: 'instant', query, time: newest, limit: 0 }) as const;
  const range = (query: string) =>
    ({ kind: 'range', query, start: newest - hour, end: newest, step: 60_000, limit: 0 }) as const;
  return [
    instant(selector),
    instant(`sum by (job) (rate(${selector}[5m]))`),
    range(selector),
    instant(`sort_desc(${selector})`),
    range(`topk(1, max by (instance) (${selector}))`),
    range(`absent(${selector}) > 0`),
    { kind: 'values', name: 'instance', selectors: [], mint: newest - hour, maxt: newest, limit: 0 },
  ];
}
