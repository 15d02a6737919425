import { parseValue } from '@paddlewatch/model';

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gsu;

/** The text of a Go string literal, `"quoted"` or `` `raw` ``, or undefined where an escape is not Go's. */
export function unquote(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  if (literal[0] === '`') return inner;
  let valid = !/[^\\](?:\\\\)*\\$/.test(inner) && inner !== '\\';
  const text = inner.replace(escapeSequence, (_, hex, u4, u8, octal, single) => {
    const code = hex ?? u4 ?? u8;
    if (code !== undefined) return String.fromCodePoint(clampCodePoint(Number.parseInt(code, 16)));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    valid &&= simpleEscapes[single] !== undefined;
    return simpleEscapes[single] ?? '';
  });
  return valid ? text : undefined;
}

function clampCodePoint(code: number): number {
  return code > 0x10ffff ? 0xfffd : code;
}

/** An int (bigint) or a float64 (number) from a Go number literal; undefined where it is neither. */
export function parseNumber(literal: string): number | bigint | undefined {
  const text = /\d_\d|0[xX]_/.test(literal) ? literal.replaceAll('_', '') : literal;
  const whole = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|\d+)$/.exec(text);
  if (whole) {
    const digits = whole[2]!.replace(/^0(?=[0-7]+$)/, '0o');
    return whole[1] === '-' ? -BigInt(digits) : BigInt(digits);
  }
  return parseValue(text);
}

/** The code point of a Go character constant such as `'a'`. */
export function parseCharacter(literal: string): bigint | undefined {
  const text = unquote(literal);
  const code = text?.codePointAt(0);
  return code !== undefined && String.fromCodePoint(code) === text ? BigInt(code) : undefined;
}
