import { quoteString } from '@paddlewatch/model';
import { PromqlError } from './error.ts';
import { keywords, type Token, type TokenType } from './token.ts';

/** Signs outside braces, longest first. */
const signs = /==|!=|<=|<\/|<|>=|>\/|>|[-+*/%^=,@()[\]{]/y;
const word = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const letters = /[a-zA-Z_]+/y;
const spaces = /[ \t\r\n]+/y;
const comment = /#[^\r\n]*/y;
const alphanumeric = /[a-zA-Z0-9_]/;

/**
 * Cuts a query into tokens, one at a time: a fault is raised only when the parser reaches it, so that the first
 * of several faults is the one reported.
 */
export class Lexer {
  readonly #text: string;
  #at = 0;
  #parens = 0;
  #inBraces = false;
  #inBrackets = false;
  /** From `[` to the first number, where a fault is one "in duration expression". */
  #durationOpens = false;
  #colonSeen = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws PromqlError where no token begins. */
  next(): Token {
    this.#skipBlank();
    if (this.#inBraces) return this.#insideBraces();
    if (this.#at >= this.#text.length) return this.#end();
    const char = this.#text[this.#at]!;
    if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(this.#text[this.#at + 1] ?? '')))
      return this.#number();
    if (this.#durationOpens && char === ':')
      throw this.#fault('unexpected colon before duration in duration expression', this.#at + 1);
    if (this.#durationOpens && !'()+-*/%^,]'.includes(char)) return this.#durationWord();
    if (char === '"' || char === "'" || char === '`') return this.#string(char);
    if (/[a-zA-Z_:]/.test(char)) return this.#inBrackets ? this.#bracketWord() : this.#word();
    if (char === ']') return this.#closeBracket();
    return this.#sign();
  }

  #skipBlank(): void {
    for (;;) {
      const skipped = this.#match(spaces) ?? (this.#durationOpens ? undefined : this.#match(comment));
      if (skipped === undefined) return;
    }
  }

  #end(): Token {
    if (this.#durationOpens) throw this.#fault('unexpected end of input in duration expression');
    if (this.#parens > 0) throw this.#fault('unclosed left parenthesis');
    if (this.#inBrackets) throw this.#fault('unclosed left bracket');
    return this.#token('end of input', '');
  }

  #sign(): Token {
    const text = this.#peek(signs);
    const char = this.#char();
    if (char === '!' && text === undefined)
      throw this.#fault(`unexpected character after '!': ${quoteRune(this.#char(1))}`);
    if (text === undefined) throw this.#fault(`unexpected character: ${quoteRune(char)}`);
    if (text === '=' && this.#char(1) === '~') throw this.#fault(`unexpected character after '=': '~'`);
    const token = this.#token(text as TokenType, text);
    if (text === '(') this.#parens++;
    else if (text === ')' && --this.#parens < 0) throw this.#fault(`unexpected right parenthesis ')'`);
    else if (text === '{') this.#inBraces = true;
    else if (text === '[') this.#openBracket(token);
    return token;
  }

  #openBracket({ from }: Token): void {
    if (this.#inBrackets) throw this.#fault(`unexpected left bracket '['`, from);
    this.#inBrackets = true;
    this.#durationOpens = true;
    this.#colonSeen = false;
  }

  #closeBracket(): Token {
    if (!this.#inBrackets) throw this.#fault(`unexpected right bracket ']'`);
    this.#inBrackets = false;
    this.#durationOpens = false;
    return this.#token(']', ']');
  }

  #word(): Token {
    const text = this.#peek(word)!;
    const keyword = keywords.get(text.toLowerCase());
    if (keyword === undefined) {
      if (/^(inf|nan)$/i.test(text)) return this.#token('number', text);
      return this.#token(text.includes(':') ? 'metric identifier' : 'identifier', text);
    }
    const token = this.#token(keyword, text);
    // `fill` was a fair metric name before it became a modifier, so it is one only before a parenthesis.
    if (!keyword.startsWith('fill')) return token;
    return /[ \t\r\n]*\(/y.test(this.#text.slice(this.#at)) ? token : { ...token, type: 'identifier' };
  }

  /** After the first number of a bracket: a colon, or a name that durations know. */
  #bracketWord(): Token {
    if (this.#char() === ':') return this.#colon();
    return (
      this.#durationName() ?? this.#raise(`unexpected character: ${quoteRune(this.#char())}, expected ':'`)
    );
  }

  #durationWord(): Token {
    return (
      this.#durationName() ??
      this.#raise(`unexpected character in duration expression: ${quoteRune(this.#char())}`)
    );
  }

  #durationName(): Token | undefined {
    const text = this.#peek(letters);
    const name = text?.toLowerCase();
    return name === 'step' || name === 'range' || name === 'min_of' || name === 'max_of'
      ? this.#token(name, text!)
      : undefined;
  }

  #colon(): Token {
    if (this.#colonSeen) throw this.#fault(`unexpected colon ':'`);
    this.#colonSeen = true;
    return this.#token(':', ':');
  }

  #number(): Token {
    const from = this.#at;
    const number = scanNumber(this.#text, from);
    this.#durationOpens = false;
    if (number.complete) return this.#token('number', this.#text.slice(from, number.end));
    const duration = scanDuration(this.#text, number.end);
    const text = this.#text.slice(from, duration.end);
    if (!duration.complete) throw this.#fault(`bad number or duration syntax: ${quoteString(text)}`);
    return this.#token('duration', text);
  }

  #insideBraces(): Token {
    const char = this.#char();
    if (char === '') throw this.#fault('unexpected end of input inside braces');
    const name = this.#peek(labelName);
    if (name !== undefined) return this.#token('identifier', name);
    switch (char) {
      case '"':
      case "'":
      case '`':
        return this.#string(char);
      case ',':
        return this.#token(',', ',');
      case '=':
        return this.#char(1) === '~' ? this.#token('=~', '=~') : this.#token('=', '=');
      case '!':
        return this.#negatedMatch();
      case '}':
        this.#inBraces = false;
        return this.#token('}', '}');
      case '{':
        throw this.#fault(`unexpected left brace '{'`);
      default:
        throw this.#fault(`unexpected character inside braces: ${quoteRune(char)}`);
    }
  }

  #negatedMatch(): Token {
    const next = this.#char(1);
    if (next === '~') return this.#token('!~', '!~');
    if (next === '=') return this.#token('!=', '!=');
    throw this.#fault(`unexpected character after '!' inside braces: ${quoteRune(next)}`);
  }

  /** Checks a string literal to its end and leaves its escapes to `unquote`. */
  #string(quote: string): Token {
    const raw = quote === '`';
    let at = this.#at + 1;
    for (;;) {
      const char = this.#text[at];
      if (char === undefined || (!raw && char === '\n'))
        throw this.#fault(raw ? 'unterminated raw string' : 'unterminated quoted string');
      if (char === quote) return this.#token('string', this.#text.slice(this.#at, at + 1));
      if (char === '\\' && !raw) at = this.#escape(at + 1, quote);
      else at += this.#runeLength(at);
    }
  }

  #runeLength(at: number): number {
    const code = this.#text.codePointAt(at)!;
    if (code === 0xfffd || (code >= 0xd800 && code <= 0xdfff)) throw this.#fault('invalid UTF-8 rune');
    return code > 0xffff ? 2 : 1;
  }

  /** The offset after an escape sequence whose backslash stands before `at`. */
  #escape(at: number, quote: string): number {
    const char = charAt(this.#text, at);
    if (char === '') throw this.#fault('escape sequence not terminated');
    if ('abfnrtv\\'.includes(char) || char === quote) return at + 1;
    if (char >= '0' && char <= '7') return this.#digits(at, 3, 8, 0xff);
    if (char === 'x') return this.#digits(at + 1, 2, 16, 0xff);
    if (char === 'u') return this.#digits(at + 1, 4, 16, 0x10ffff);
    if (char === 'U') return this.#digits(at + 1, 8, 16, 0x10ffff);
    throw this.#fault(`unknown escape sequence ${describeRune(char)}`);
  }

  #digits(from: number, count: number, base: number, most: number): number {
    let code = 0;
    for (let at = from; at < from + count; at++) {
      const char = charAt(this.#text, at);
      const digit = /^[0-9a-fA-F]$/.test(char) ? Number.parseInt(char, 16) : base;
      if (digit >= base)
        throw this.#fault(
          char === ''
            ? 'escape sequence not terminated'
            : `illegal character ${describeRune(char)} in escape sequence`,
        );
      code = code * base + digit;
    }
    if (code > most || (code >= 0xd800 && code < 0xe000))
      throw this.#fault('escape sequence is an invalid Unicode code point');
    return from + count;
  }

  #char(ahead = 0): string {
    return charAt(this.#text, this.#at + ahead);
  }

  #peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #match(pattern: RegExp): string | undefined {
    const text = this.#peek(pattern);
    this.#at += text?.length ?? 0;
    return text;
  }

  #token(type: TokenType, text: string): Token {
    const from = this.#at;
    this.#at += text.length;
    return { type, text, from, to: this.#at };
  }

  #fault(what: string, at = this.#at): PromqlError {
    return new PromqlError(this.#text, at, what);
  }

  #raise(what: string): never {
    throw this.#fault(what);
  }
}

/** How far a scan came, and whether what it passed is whole. */
interface Scan {
  readonly end: number;
  readonly complete: boolean;
}

/** A number as far as Prometheus' lexer takes it; the parser judges the digits. */
function scanNumber(text: string, from: number): Scan {
  let at = from;
  let digits = /[0-9]/;
  if (/^0[xX]/.test(text.slice(at, at + 2))) {
    at += text[at + 2] === '_' ? 3 : 2;
    digits = /[0-9a-fA-F]/;
  }
  const hex = digits.test('a');
  if (text[at] === '.') at++;
  if (digits.test(charAt(text, at))) at++;
  let dot = false;
  let exponent = false;
  for (;;) {
    const char = charAt(text, at);
    if (char === '.') {
      at++;
      if (dot || hex) return { end: at, complete: false };
      dot = true;
      if (/[_.]/.test(charAt(text, at))) return { end: at + 1, complete: false };
    } else if (char === 'e' || char === 'E') {
      at++;
      if (exponent) return { end: at, complete: false };
      exponent = true;
      if (/[-+]/.test(charAt(text, at))) at++;
      if (/[._eE]/.test(charAt(text, at))) return { end: at + 1, complete: false };
      if (at >= text.length) return { end: at, complete: false };
    } else if (char === '_') {
      at++;
      if (/[._eE]/.test(charAt(text, at))) return { end: at + 1, complete: false };
      if (at >= text.length) return { end: at, complete: false };
    } else if (digits.test(char)) {
      while (digits.test(charAt(text, at))) at++;
    } else {
      return { end: at, complete: !alphanumeric.test(char) };
    }
  }
}

/** The rest of a duration whose first digits end at `at`. Odd units such as `hs` are left to the parser. */
function scanDuration(text: string, at: number): Scan {
  const rest = /(?:[smhdwy]s?(?:[0-9]+[smhdw]s?)*)?/y;
  rest.lastIndex = at;
  const units = rest.exec(text)![0];
  const end = at + units.length;
  const complete = units !== '' && !alphanumeric.test(charAt(text, end));
  return { end: complete || units === '' ? end : end + 1, complete };
}

/** The whole character at an offset, '' at the end. */
function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** A character in single quotes, as Go's %q writes a rune. */
function quoteRune(char: string): string {
  if (char === '') return "'\\ufffd'";
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  return `'${quoteString(char).slice(1, -1)}'`;
}

/** `U+0071 'q'`, as Go's %#U writes a rune. */
function describeRune(char: string): string {
  return `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${char}'`;
}
