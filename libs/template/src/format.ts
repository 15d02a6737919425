import { quoteString } from '@paddlewatch/model';
import { Duration } from './duration.ts';
import { type FloatVerb, formatFloat } from './number-format.ts';
import { Time } from './time.ts';
import { kindOf, mapEntries, typeName } from './value.ts';

/** Text that is HTML already, so that escaping leaves it alone (`safeHtml`). */
export class SafeHtml {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }

  toString(): string {
    return this.html;
  }
}

/** A value as an action `{{ … }}` prints it. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '<no value>' : formatAny(value);
}

/** Go's %v. */
export function formatAny(value: unknown): string {
  switch (kindOf(value)) {
    case 'nil':
      return '<nil>';
    case 'string':
      return value as string;
    case 'float64':
      return formatFloat(value as number, 'g', -1);
    case 'list':
      return `[${(value as unknown[]).map(formatAny).join(' ')}]`;
    case 'map':
      return `map[${mapEntries(value as object)
        .map(([key, item]) => `${formatAny(key)}:${formatAny(item)}`)
        .join(' ')}]`;
    case 'struct':
      return formatStruct(value as object);
    default:
      return String(value);
  }
}

function formatStruct(value: object): string {
  if (value instanceof Time || value instanceof Duration || value instanceof SafeHtml)
    return value.toString();
  return `{${Object.values(value).map(formatAny).join(' ')}}`;
}

/** Go's fmt.Sprint: a space between two neighbours of which neither is a string. */
export function sprint(values: readonly unknown[]): string {
  let text = '';
  for (const [i, value] of values.entries()) {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') text += ' ';
    text += formatAny(value);
  }
  return text;
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  /** -1 where the directive names none. */
  readonly precision: number;
}

const directive = /%([-+# 0]*)(?:\[(\d+)\])?(\*|\d+)?(?:\.(\[\d+\])?(\*|\d+)?)?(?:\[(\d+)\])?(.)?/gsu;

/** Go's fmt.Sprintf, its complaints about arguments included: `%!d(string=x)`, `%!v(MISSING)`, `%!(EXTRA …)`. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0;
  let reordered = false;
  const star = (text: string | undefined): number | undefined =>
    text === '*' ? Number(values[next++] ?? 0) : text === undefined ? undefined : Number(text);
  const text = format.replace(
    directive,
    (whole, flags: string, before, widthText, _, precisionText, after, verb) => {
      const index = before ?? after;
      if (index !== undefined) {
        reordered = true;
        next = Number(index) - 1;
      }
      const width = star(widthText);
      const hasPrecision = /\.(?:\*|\d*)(?:\[\d+\])?.?$/su.test(whole) && whole.includes('.');
      const precision = hasPrecision ? (star(precisionText) ?? 0) : -1;
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      if (next < 0 || next >= values.length)
        return `%!${verb}(${index === undefined ? 'MISSING' : 'BADINDEX'})`;
      return formatVerb(values[next++], verb, { flags, width: width ?? 0, precision });
    },
  );
  if (reordered || next >= values.length) return text;
  const extra = values.slice(next).map((value) => `${typeName(value)}=${formatAny(value)}`);
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function formatVerb(value: unknown, verb: string, spec: Spec): string {
  if (verb === 'T') return pad(typeName(value), spec);
  if (verb === 'v') return formatV(value, spec);
  if (Array.isArray(value)) return `[${value.map((item) => formatVerb(item, verb, spec)).join(' ')}]`;
  switch (kindOf(value)) {
    case 'bool':
      return verb === 't' ? pad(String(value), spec) : wrongVerb(value, verb);
    case 'int':
      return formatInt(value as bigint, verb, spec);
    case 'float64':
      return formatDouble(value as number, verb, spec);
    case 'string':
      return formatText(value as string, verb, spec);
    case 'struct':
      return verb === 's' || verb === 'q' ? formatText(formatAny(value), verb, spec) : wrongVerb(value, verb);
    case 'map':
      return verb === 's' ? pad(formatAny(value), spec) : wrongVerb(value, verb);
    default:
      return wrongVerb(value, verb);
  }
}

function formatV(value: unknown, spec: Spec): string {
  if (typeof value === 'string' && spec.flags.includes('#')) return pad(quoteString(value), spec);
  if (typeof value === 'number') return formatDouble(value, 'g', spec);
  if (typeof value === 'bigint') return formatInt(value, 'd', spec);
  return pad(formatAny(value), spec);
}

function wrongVerb(value: unknown, verb: string): string {
  return value === null || value === undefined
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${typeName(value)}=${formatAny(value)})`;
}

const bases: Readonly<Record<string, { radix: number; prefix: string }>> = {
  d: { radix: 10, prefix: '' },
  b: { radix: 2, prefix: '0b' },
  o: { radix: 8, prefix: '0' },
  O: { radix: 8, prefix: '0o' },
  x: { radix: 16, prefix: '0x' },
  X: { radix: 16, prefix: '0X' },
};

function formatInt(value: bigint, verb: string, spec: Spec): string {
  if (verb === 'c') return pad(String.fromCodePoint(Number(value)), spec);
  if (verb === 'q') return pad(`'${String.fromCodePoint(Number(value))}'`, spec);
  if (verb === 'U') return pad(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, spec);
  const base = bases[verb];
  if (!base) return wrongVerb(value, verb);
  const digits = (value < 0n ? -value : value)
    .toString(base.radix)
    .padStart(Math.max(spec.precision, 0), '0');
  const prefix = verb === 'O' || spec.flags.includes('#') ? base.prefix : '';
  return padNumber(value < 0n, prefix + (verb === 'X' ? digits.toUpperCase() : digits), spec);
}

function formatDouble(value: number, verb: string, spec: Spec): string {
  if (!'eEfFgG'.includes(verb)) return wrongVerb(value, verb);
  const lower = verb.toLowerCase() as FloatVerb;
  const precision = spec.precision < 0 && lower !== 'g' ? 6 : spec.precision;
  const negative = value < 0 || Object.is(value, -0);
  const text = formatFloat(Math.abs(value), lower, precision).replace(/^\+/, '');
  const cased = verb === lower ? text : text.toUpperCase();
  if (!Number.isFinite(value)) {
    const sign = value === Infinity || spec.flags.includes('+') ? '+' : '';
    return pad(negative ? `-${cased}` : sign + cased, { ...spec, flags: spec.flags.replaceAll('0', '') });
  }
  return padNumber(negative, cased, spec);
}

function formatText(value: string, verb: string, spec: Spec): string {
  const cut = spec.precision < 0 ? value : [...value].slice(0, spec.precision).join('');
  if (verb === 's') return pad(cut, spec);
  if (verb === 'q')
    return pad(spec.flags.includes('#') && !cut.includes('`') ? `\`${cut}\`` : quoteString(cut), spec);
  if (verb === 'x') return pad(Buffer.from(cut).toString('hex'), spec);
  if (verb === 'X') return pad(Buffer.from(cut).toString('hex').toUpperCase(), spec);
  return wrongVerb(value, verb);
}

function padNumber(negative: boolean, digits: string, spec: Spec): string {
  const plus = spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : '';
  const sign = negative ? '-' : plus;
  const zeros = spec.flags.includes('0') && !spec.flags.includes('-');
  return pad(sign + (zeros ? digits.padStart(spec.width - sign.length, '0') : digits), spec);
}

function pad(text: string, { flags, width }: Spec): string {
  const missing = Math.abs(width) - [...text].length;
  if (missing <= 0) return text;
  return flags.includes('-') || width < 0 ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}
