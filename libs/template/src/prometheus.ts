import { parseDuration, parseValue } from '@paddlewatch/model';
import { escapeQuery } from './builtins.ts';
import { Duration } from './duration.ts';
import { formatAny, SafeHtml } from './format.ts';
import { type FunctionTable, takes } from './functions.ts';
import { humanize, humanize1024, humanizeDuration, humanizePercentage } from './humanize.ts';
import { matches, replaceAll } from './pattern.ts';
import { parseTemplate, type Template } from './template.ts';
import { Time } from './time.ts';
import { title } from './words.ts';

/** One sample of a `query` in a template. */
export interface QuerySample {
  readonly Labels: Readonly<Record<string, string>>;
  readonly Value: number;
}

export interface PrometheusFunctionsOptions {
  /** Answers `query "expr"`. A promise needs `executeAsync`. */
  readonly query: (expr: string) => readonly QuerySample[] | Promise<readonly QuerySample[]>;
  readonly externalUrl: string;
  readonly now?: () => number;
}

/** The functions that Prometheus gives to rule annotations. */
export function prometheusFunctions({
  query,
  externalUrl,
  now = Date.now,
}: PrometheusFunctionsOptions): FunctionTable {
  return {
    ...textFunctions,
    ...numberFunctions(now),
    query: takes(['string'], query),
    first: takes(['list'], (samples: QuerySample[]) => {
      if (samples.length === 0) throw new Error('first() called on vector with no elements');
      return samples[0];
    }),
    label: takes(['string', 'any'], (name: string, sample: QuerySample) => sample.Labels[name] ?? ''),
    value: takes(['any'], (sample: QuerySample) => sample.Value),
    strvalue: takes(['any'], (sample: QuerySample) => sample.Labels['__value__'] ?? ''),
    sortByLabel: takes(['string', 'list'], (name: string, samples: QuerySample[]) =>
      samples.toSorted((a, b) => ((a.Labels[name] ?? '') < (b.Labels[name] ?? '') ? -1 : 1)),
    ),
    args: takes(
      [],
      (...values: unknown[]) => Object.fromEntries(values.map((value, i) => [`arg${i}`, value])),
      'any',
    ),
    externalURL: takes([], () => externalUrl),
    pathPrefix: takes([], () => new URL(externalUrl).pathname.replace(/\/$/, '')),
  };
}

const textFunctions: FunctionTable = {
  title: takes(['string'], title),
  toUpper: takes(['string'], (text: string) => text.toUpperCase()),
  toLower: takes(['string'], (text: string) => text.toLowerCase()),
  match: takes(['string', 'string'], matches),
  reReplaceAll: takes(['string', 'string', 'string'], replaceAll),
  safeHtml: takes(['string'], (text: string) => new SafeHtml(text)),
  urlQueryEscape: takes(['string'], escapeQuery),
  stripPort: takes(['string'], stripPort),
  stripDomain: takes(['string'], stripDomain),
  graphLink: takes(['string'], (expr: string) => `/graph?g0.expr=${escapeQuery(expr)}&g0.tab=0`),
  tableLink: takes(['string'], (expr: string) => `/graph?g0.expr=${escapeQuery(expr)}&g0.tab=1`),
  parseDuration: takes(['string'], (text: string) => parseDuration(text) / 1000),
};

function numberFunctions(now: () => number): FunctionTable {
  const humanized = (format: (value: number) => string) =>
    takes(['any'], (value: unknown) => format(toFloat(value)));
  return {
    humanize: humanized(humanize),
    humanize1024: humanized(humanize1024),
    humanizeDuration: humanized(humanizeDuration),
    humanizePercentage: humanized(humanizePercentage),
    humanizeTimestamp: takes(['any'], (value: unknown) => {
      const seconds = toFloat(value);
      return Number.isFinite(seconds) ? timeOf(seconds).String() : formatAny(seconds);
    }),
    toTime: takes(['any'], (value: unknown) => timeOf(toFloat(value))),
    toDuration: takes(['any'], (value: unknown) => Duration.ofSeconds(toFloat(value))),
    now: takes([], () => now() / 1000),
  };
}

function toFloat(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Duration) return value.Seconds();
  if (typeof value !== 'string') throw new TypeError(`can't convert ${formatAny(value)} to float`);
  const parsed = parseValue(value);
  if (parsed === undefined)
    throw new TypeError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
  return parsed;
}

function timeOf(seconds: number): Time {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 9_223_372_036)
    throw new RangeError(
      `${formatAny(seconds)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  return new Time(Number(BigInt(Math.trunc(seconds * 1e9)) / 1_000_000n));
}

function stripPort(address: string): string {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):[^:]*$/.exec(address);
  return match ? (match[1] ?? match[2]!) : address;
}

function stripDomain(address: string): string {
  const host = stripPort(address);
  if (/^[\d.]+$/.test(host) || host.includes(':')) return address;
  const port = address.slice(host.length);
  return host.split('.')[0]! + (address.startsWith(host) ? port : '');
}

/** What a rule hands to its annotations and labels. */
export class RuleData {
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExternalLabels: Readonly<Record<string, string>>;
  readonly ExternalURL: string;
  readonly Value: number;

  constructor(
    labels: Readonly<Record<string, string>>,
    externalLabels: Readonly<Record<string, string>>,
    externalUrl: string,
    value: number,
  ) {
    this.Labels = labels;
    this.ExternalLabels = externalLabels;
    this.ExternalURL = externalUrl;
    this.Value = value;
  }
}

const ruleVariables =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

/** A label or annotation of an alerting rule: `$labels`, `$value` and their siblings stand ready; run it on a RuleData. */
export function parseRuleTemplate(text: string, alertname: string, functions: FunctionTable): Template {
  if (!text.includes('{{')) return parseTemplate(text, functions);
  return parseTemplate(ruleVariables + text, functions, { name: `__alert_${alertname}` });
}
