import { type Matcher, parseDuration } from '@paddlewatch/model';
import { parseQuery } from '@paddlewatch/promql';
import { invalidParameter } from './api-error.ts';

/** Since ever and for ever, ms: what whole numbers hold, for the times that Prometheus prints for them. */
export const minTime = -(2 ** 53);
export const maxTime = 2 ** 53;
const extremes: Readonly<Record<string, number>> = {
  '-292273086-05-16T16:47:06Z': minTime,
  '292277025-08-18T07:12:54.999999999Z': maxTime,
};

/** A name has a list where it comes more than once. */
export type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** Parameters of a call, of the form body and of the URL together, the body first. */
export class Params {
  private readonly url: Fields;
  private readonly form: Fields | undefined;

  /** Neither has a prototype. */
  constructor(url: Fields, form?: Fields) {
    this.url = url;
    this.form = form;
  }

  /** '' where it is absent. */
  text(name: string): string {
    const text = this.form?.[name] ?? this.url[name] ?? '';
    return typeof text === 'string' ? text : text[0]!;
  }

  list(name: string): string[] {
    return [this.form?.[name] ?? [], this.url[name] ?? []].flat();
  }

  /** Milliseconds since the epoch. */
  time(name: string, fallback?: number): number {
    const text = this.text(name);
    if (text === '' && fallback !== undefined) return fallback;
    const time = parseTime(text);
    if (time === undefined)
      throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
    return time;
  }

  /** Milliseconds; undefined where it is absent or empty. */
  duration(name: string): number | undefined {
    const text = this.text(name);
    return text === '' ? undefined : this.requiredDuration(name);
  }

  requiredDuration(name: string): number {
    const text = this.text(name);
    const ms = parseSeconds(text);
    if (ms === undefined)
      throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
    if (Math.abs(ms) > 9_223_372_036_854)
      throw invalidParameter(
        name,
        `cannot parse ${JSON.stringify(text)} to a valid duration. It overflows int64`,
      );
    return ms;
  }

  /** A whole number that is not negative; 0 where it is absent. */
  limit(name = 'limit'): number {
    const text = this.text(name);
    if (text === '') return 0;
    if (!/^[+-]?\d+$/.test(text))
      throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} as a number`);
    const limit = Number(text);
    if (limit < 0) throw invalidParameter(name, `limit must be non-negative`);
    return limit;
  }

  /** Each `match[]` as matchers. */
  selectors(name = 'match[]'): Matcher[][] {
    return this.list(name).map((text) => {
      try {
        return parseSelector(text);
      } catch (error) {
        throw invalidParameter(name, (error as Error).message);
      }
    });
  }
}

function parseSelector(text: string): Matcher[] {
  const expr = parseQuery(text);
  if (expr.kind !== 'vector' || expr.offset !== 0 || expr.at !== undefined)
    throw new SyntaxError(`${JSON.stringify(text)} is not a series selector`);
  return [...expr.matchers];
}

/** Float seconds, rounded to milliseconds, or RFC 3339. */
function parseTime(text: string): number | undefined {
  if (isFloat(text)) return Math.round(Number(text) * 1000);
  if (text in extremes) return extremes[text];
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (!match) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`);
  return Number.isNaN(seconds) ? undefined : seconds + Math.floor(Number(`0${match[2] ?? ''}`) * 1000);
}

/** Float seconds or a Prometheus duration, as milliseconds. */
function parseSeconds(text: string): number | undefined {
  if (isFloat(text)) return Number(text) * 1000;
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}

function isFloat(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
