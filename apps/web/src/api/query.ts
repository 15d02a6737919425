import type { Labels } from './frame.ts';
import { ask } from './request.ts';

export type Sample = readonly [seconds: number, value: string];
export type InstantResult =
  | {
      resultType: 'vector';
      result: { metric: Labels; value?: Sample; histogram?: readonly [number, unknown] }[];
    }
  | { resultType: 'matrix'; result: { metric: Labels; values?: readonly Sample[] }[] }
  | { resultType: 'scalar' | 'string'; result: Sample };

/** `time` in seconds; the server's present when left out. */
export function query(text: string, time: number | undefined, signal: AbortSignal): Promise<InstantResult> {
  return ask('v1/query', { query: text, time }, signal, 'POST');
}
