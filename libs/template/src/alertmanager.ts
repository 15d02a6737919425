import { Duration } from './duration.ts';
import { formatAny, SafeHtml } from './format.ts';
import { type FunctionTable, takes } from './functions.ts';
import { humanizeDuration } from './humanize.ts';
import { matches, replaceAll } from './pattern.ts';
import { Time } from './time.ts';
import { kindOf, mapEntries } from './value.ts';
import { title } from './words.ts';

/** The functions that Alertmanager gives to notification templates. */
export function alertmanagerFunctions({
  now = Date.now,
}: {
  readonly now?: () => number;
} = {}): FunctionTable {
  return { ...textFunctions, ...timeFunctions(now), ...dataFunctions };
}

const textFunctions: FunctionTable = {
  toUpper: takes(['string'], (text: string) => text.toUpperCase()),
  toLower: takes(['string'], (text: string) => text.toLowerCase()),
  title: takes(['string'], (text: string) => title(text)),
  trimSpace: takes(['string'], (text: string) => text.trim()),
  join: takes(['string', 'list'], (separator: string, items: string[]) => items.join(separator)),
  match: takes(['string', 'string'], matches),
  reReplaceAll: takes(['string', 'string', 'string'], replaceAll),
  safeHtml: takes(['string'], (text: string) => new SafeHtml(text)),
  safeUrl: takes(
    ['string'],
    (text: string) => new SafeHtml(text.replaceAll('&', '&amp;').replaceAll('"', '&#34;')),
  ),
  urlUnescape: takes(['string'], (text: string) => decodeURIComponent(text.replaceAll('+', ' '))),
  stringSlice: takes([], (...items: string[]) => items, 'string'),
  base64encode: takes(['string'], (text: string) => Buffer.from(text).toString('base64')),
  base64decode: takes(['string'], (text: string) => Buffer.from(text, 'base64').toString()),
};

function timeFunctions(now: () => number): FunctionTable {
  return {
    date: takes(['string', 'any'], (layout: string, time: Time) => time.Format(layout)),
    tz: takes(['string', 'any'], (zone: string, time: Time) => time.in(zone)),
    now: takes([], () => new Time(now())),
    since: takes(['any'], (time: Time) => new Duration((now() - time.ms) * 1e6)),
    humanizeDuration: takes(['any'], (value: unknown) => humanizeDuration(secondsOf(value))),
    toDate: takes(
      ['string', 'string'],
      (layout: string, text: string) => readDate(layout, text) ?? new Time(0),
    ),
    mustToDate: takes(['string', 'string'], (layout: string, text: string) => {
      const time = readDate(layout, text);
      if (!time)
        throw new SyntaxError(
          `cannot read ${JSON.stringify(text)} as a date of the layout ${JSON.stringify(layout)}`,
        );
      return time;
    }),
  };
}

function secondsOf(value: unknown): number {
  if (value instanceof Duration) return value.Seconds();
  const seconds = Number(value);
  if (Number.isNaN(seconds)) throw new TypeError(`cannot read ${formatAny(value)} as seconds`);
  return seconds;
}

/** Reads a date of the layouts that begin with a year and have numbers only; others are not understood. */
function readDate(layout: string, text: string): Time | undefined {
  const fields = ['2006', '01', '02', '15', '04', '05'];
  const pattern = layout
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/2006|01|02|15|04|05|Z07:00|-0700/g, (part) =>
      fields.includes(part) ? `(?<f${part}>\\d{${part.length}})` : '(?<zone>Z|[+-]\\d\\d:?\\d\\d)',
    );
  const found = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = fields.map(
    (field, i) => found[`f${field}`] ?? (i < 3 ? '01' : '00'),
  );
  const zone = (found['zone'] ?? 'Z').replace(/(\d\d)(\d\d)$/, '$1:$2');
  const ms = Date.parse(`${year!.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(ms) ? undefined : new Time(ms);
}

const dataFunctions: FunctionTable = {
  toJson: takes(['any'], (value: unknown) => JSON.stringify(toJsonValue(value))),
  list: takes([], (...items: unknown[]) => items, 'any'),
  append: takes(['list'], (items: unknown[], ...more: unknown[]) => [...items, ...more], 'any'),
  dict: takes(
    [],
    (...pairs: unknown[]) => {
      if (pairs.length % 2 !== 0) throw new TypeError('dict needs an even number of arguments');
      const map = new Map<string, unknown>();
      for (let i = 0; i < pairs.length; i += 2) map.set(formatAny(pairs[i]), pairs[i + 1]);
      return map;
    },
    'any',
  ),
};

function toJsonValue(value: unknown): unknown {
  if (value instanceof Time) return value.Format('2006-01-02T15:04:05.999999999Z07:00');
  if (value instanceof Duration) return value.nanoseconds;
  if (value instanceof SafeHtml) return value.html;
  switch (kindOf(value)) {
    case 'int':
      return Number(value);
    case 'list':
      return (value as unknown[]).map(toJsonValue);
    case 'map':
      return Object.fromEntries(mapEntries(value as object).map(([key, item]) => [key, toJsonValue(item)]));
    case 'struct':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, toJsonValue(item)]),
      );
    default:
      return value ?? null;
  }
}
