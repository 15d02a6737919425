import { formatAny, SafeHtml, sprint, sprintf } from './format.ts';
import { type FunctionTable, takes } from './functions.ts';
import { isTrue, kindOf, mapSize, mapValue, typeName } from './value.ts';

/** Go's own functions. `and` and `or` stop at the first argument that decides: the evaluator sees to that. */
export const builtins: FunctionTable = {
  and: takes(
    ['any'],
    (...values: unknown[]) => values.find((value) => !isTrue(value)) ?? values.at(-1),
    'any',
  ),
  or: takes(['any'], (...values: unknown[]) => values.find(isTrue) ?? values.at(-1), 'any'),
  not: takes(['any'], (value: unknown) => !isTrue(value)),
  eq: takes(['any', 'any'], (a: unknown, ...others: unknown[]) => others.some((b) => equal(a, b)), 'any'),
  ne: takes(['any', 'any'], (a: unknown, b: unknown) => !equal(a, b)),
  lt: takes(['any', 'any'], (a: unknown, b: unknown) => compare(a, b) < 0),
  le: takes(['any', 'any'], (a: unknown, b: unknown) => compare(a, b) <= 0),
  gt: takes(['any', 'any'], (a: unknown, b: unknown) => compare(a, b) > 0),
  ge: takes(['any', 'any'], (a: unknown, b: unknown) => compare(a, b) >= 0),
  len: takes(['any'], length),
  index: takes(['any'], (value: unknown, ...keys: unknown[]) => keys.reduce(indexOnce, value), 'any'),
  slice: takes(['any'], slice, 'int'),
  print: takes([], (...values: unknown[]) => sprint(values), 'any'),
  printf: takes(['string'], (format: string, ...values: unknown[]) => sprintf(format, values), 'any'),
  println: takes([], (...values: unknown[]) => `${values.map(formatAny).join(' ')}\n`, 'any'),
  html: takes([], (...values: unknown[]) => escapeHtml(textOf(values)), 'any'),
  js: takes([], (...values: unknown[]) => escapeJs(textOf(values)), 'any'),
  urlquery: takes([], (...values: unknown[]) => escapeQuery(textOf(values)), 'any'),
  call: takes(['func'], (fn: (...args: unknown[]) => unknown, ...values: unknown[]) => fn(...values), 'any'),
};

function textOf(values: readonly unknown[]): string {
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : sprint(values);
}

const comparable: ReadonlySet<string> = new Set(['bool', 'int', 'float64', 'string']);

function equal(a: unknown, b: unknown): boolean {
  const [first, second] = [kindOf(a), kindOf(b)];
  if (first === 'nil' || second === 'nil') return first === second;
  if (!comparable.has(first) || !comparable.has(second)) {
    if (first === 'struct' && second === 'struct') return formatAny(a) === formatAny(b);
    throw new TypeError(`non-comparable type ${typeName(comparable.has(first) ? b : a)}`);
  }
  if (first !== second) throw new TypeError('incompatible types for comparison');
  return a === b;
}

function compare(a: unknown, b: unknown): number {
  const [first, second] = [kindOf(a), kindOf(b)];
  if (!comparable.has(first) || first === 'bool') throw new TypeError('invalid type for comparison');
  if (first !== second) throw new TypeError('incompatible types for comparison');
  if (first === 'string') return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : a === b ? 0 : NaN;
}

function length(value: unknown): bigint {
  switch (kindOf(value)) {
    case 'string':
      return BigInt(Buffer.byteLength(value as string));
    case 'list':
      return BigInt((value as unknown[]).length);
    case 'map':
      return BigInt(mapSize(value as object));
    case 'nil':
      throw new TypeError('len of nil pointer');
    default:
      throw new TypeError(`len of type ${typeName(value)}`);
  }
}

function indexOnce(value: unknown, key: unknown): unknown {
  switch (kindOf(value)) {
    case 'map':
      if (typeof key !== 'string') throw new TypeError(`value has type ${typeName(key)}; should be string`);
      return mapValue(value as object, key);
    case 'list':
      return (value as unknown[])[position(key, (value as unknown[]).length)];
    case 'string': {
      const bytes = Buffer.from(value as string);
      return BigInt(bytes[position(key, bytes.length)]!);
    }
    case 'nil':
      throw new TypeError('index of untyped nil');
    default:
      throw new TypeError(`can't index item of type ${typeName(value)}`);
  }
}

function position(key: unknown, size: number): number {
  if (typeof key !== 'bigint') throw new TypeError(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0n || key >= BigInt(size)) throw new RangeError(`index out of range: ${key}`);
  return Number(key);
}

function slice(value: unknown, ...bounds: bigint[]): unknown {
  if (bounds.length > 3) throw new TypeError(`too many slice indexes: ${bounds.length}`);
  const text = typeof value === 'string' ? Buffer.from(value) : undefined;
  if (!text && !Array.isArray(value)) throw new TypeError(`can't slice item of type ${typeName(value)}`);
  if (text && bounds.length === 3) throw new TypeError('cannot 3-index slice a string');
  const size = (text ?? (value as unknown[])).length;
  const [from, to] = [Number(bounds[0] ?? 0), Number(bounds[1] ?? size)];
  for (const bound of [from, to])
    if (bound < 0 || bound > size) throw new RangeError(`index out of range: ${bound}`);
  if (from > to) throw new RangeError(`invalid slice index: ${from} > ${to}`);
  return text ? text.subarray(from, to).toString() : (value as unknown[]).slice(from, to);
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '\0': '\uFFFD',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

export function escapeHtml(value: string | SafeHtml): string {
  return value instanceof SafeHtml ? value.html : value.replace(/[\0"'&<>]/g, (char) => htmlEscapes[char]!);
}

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\x00-\x1f\u2028\u2029]/g, (char) =>
    /[\\'"]/.test(char)
      ? `\\${char}`
      : `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

/** Go's url.QueryEscape: a space is `+`, and only letters, digits and `-_.~` stand for themselves. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
