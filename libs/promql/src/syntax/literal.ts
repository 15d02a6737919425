import { quoteString } from '@paddlewatch/model';

type Encoder = InstanceType<typeof TextEncoder>;

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};

/** The value of a string literal that the lexer has passed: 'single', "double" or `raw`. */
export function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal[0] === '`' || !body.includes('\\')) return body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, plain, code] of body.matchAll(/([^\\]+)|\\(x..|u.{4}|U.{8}|[0-7]{3}|.)/gsu)) {
    for (const byte of plain === undefined ? escapedBytes(code!, encoder) : encoder.encode(plain))
      bytes.push(byte);
  }
  return decodeBytes(Uint8Array.from(bytes));
}

function escapedBytes(code: string, encoder: Encoder): Iterable<number> {
  const simple = simpleEscapes[code];
  if (simple !== undefined) return [simple];
  if (code[0] === 'x') return [Number.parseInt(code.slice(1), 16)];
  if (code[0] === 'u' || code[0] === 'U')
    return encoder.encode(String.fromCodePoint(Number.parseInt(code.slice(1), 16)));
  return [Number.parseInt(code, 8)];
}

/**
 * UTF-8 to text. Escapes such as `\xc5` can make bytes that are not UTF-8; each becomes the lone surrogate
 * U+DC00 + byte (the way of Python's PEP 383), so that the text can be told invalid and printed as it was.
 */
function decodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    text +=
      length > 0
        ? new TextDecoder().decode(bytes.subarray(at, at + length))
        : String.fromCharCode(0xdc00 + bytes[at]!);
    at += length || 1;
  }
  return text;
}

/** Bytes of the valid UTF-8 sequence at an offset, 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/**
 * The value of a number token: Go's integers first (`0x1f`, `0755`, `1_000`), then its floats (`2.`, `.5e3`).
 * @throws SyntaxError in Go's words.
 */
export function parseNumber(text: string): number {
  if (/^inf$/i.test(text)) return Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return parseInteger(text) ?? parseFloat64(text);
}

function parseInteger(text: string): number | undefined {
  const digits = text.replaceAll('_', '');
  if (/^0(?:_?[0-7])+$/.test(text)) return inInt64(BigInt(`0o${digits}`));
  if (/^0[xX](?:_?[0-9a-fA-F])+$/.test(text)) return inInt64(BigInt(digits));
  return /^(?:0|[1-9](?:_?[0-9])*)$/.test(text) ? Number(digits) : undefined;
}

function inInt64(value: bigint): number | undefined {
  return value < 1n << 63n ? Number(value) : undefined;
}

function parseFloat64(text: string): number {
  const shape =
    /^(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
  const value = shape.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  if (Number.isFinite(value)) return value;
  const fault = value === Infinity ? 'value out of range' : 'invalid syntax';
  throw new SyntaxError(`error parsing number: strconv.ParseFloat: parsing ${quoteString(text)}: ${fault}`);
}
