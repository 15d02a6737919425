import { type Labels, parseDuration } from '@paddlewatch/model';
import { parseMetric } from './sequence.ts';

/** Distances of start times from the samples' own times in ms, by place; undefined where none is known. */
export interface StartTimes {
  /** The series whose values follow on the next line; undefined for a default of all that follow. */
  readonly labels: Labels | undefined;
  readonly distances: readonly (number | undefined)[];
}

/** A line `metric{…}@st -1m -30s-1mx2 _`; undefined where the line is none. */
export function parseStartTimes(line: string): StartTimes | undefined {
  const match = /^(\S*?)@st\s+(.+)$/.exec(line) ?? /^(.*\})@st\s+(.+)$/.exec(line);
  if (!match) return undefined;
  const distances: (number | undefined)[] = [];
  for (const item of match[2]!.trim().split(/\s+/)) distances.push(...expand(item, distances));
  return { labels: match[1] === '' ? undefined : parseMetric(match[1]!).labels, distances };
}

function expand(item: string, before: readonly (number | undefined)[]): (number | undefined)[] {
  const match = /^(?:(_)|(\*)|([-+]?\d[0-9a-wyz]*)([-+]\d[0-9a-wyz]*)?)(?:x(\d+))?$/.exec(item);
  if (!match) throw new SyntaxError(`cannot read start time "${item}"`);
  const [, blank, again, base, step, times] = match;
  const count = Number(times ?? (blank ? 1 : 0)) + (blank ? 0 : 1);
  if (blank) return new Array(count).fill(undefined);
  const first = again ? (before.findLast((distance) => distance !== undefined) ?? 0) : signedMs(base!);
  const rise = step === undefined ? 0 : signedMs(step);
  return Array.from({ length: count }, (_, i) => first + i * rise);
}

function signedMs(text: string): number {
  const size = parseDuration(text.replace(/^[-+]/, ''));
  return text.startsWith('-') ? -size : size;
}
