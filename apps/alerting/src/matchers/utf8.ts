import { compileMatcher, type Matcher, type MatchType } from '@paddlewatch/model';

const space = /\s*/uy;
const operator = /=~|!~|!=|=/y;
const bare = /[^\s{}!=~,\\"'`]+/uy;
const quoted = /"(?:[^"\\\n]|\\.)*"/uy;
const goEscape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\"]))/g;
const control: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads matchers whose names and values may be any UTF-8: `{"a b"="c", d=~e}`. @throws SyntaxError */
export function parseUtf8(text: string): Matcher[] {
  return new Utf8Parser(text).run();
}

class Utf8Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Matcher[] {
    const braced = this.#skip('{');
    const matchers: Matcher[] = [];
    while (!this.#ended(braced)) {
      matchers.push(this.#matcher());
      if (!this.#skip(',') && !this.#ended(braced)) throw this.#expected('a comma or close brace');
    }
    if (braced && !this.#skip('}')) throw this.#expected('close brace');
    this.#take(space);
    if (this.#at < this.#text.length) throw this.#expected('end of input');
    return matchers;
  }

  #ended(braced: boolean): boolean {
    this.#take(space);
    return this.#at >= this.#text.length || (braced && this.#text[this.#at] === '}');
  }

  #matcher(): Matcher {
    const name = this.#word('label name');
    this.#take(space);
    const type = this.#take(operator);
    if (type === '') throw this.#expected('an operator such as =, !=, =~ or !~');
    const matcher = { name, type: type as MatchType, value: this.#word('label value') };
    compileMatcher(matcher);
    return matcher;
  }

  #word(what: string): string {
    this.#take(space);
    if (this.#text[this.#at] !== '"') {
      const word = this.#take(bare);
      if (word === '') throw this.#expected(what);
      return word;
    }
    const start = this.#at;
    const literal = this.#take(quoted);
    if (literal === '') throw new SyntaxError(`${start}: missing end "`);
    return unquote(literal, start);
  }

  #skip(char: string): boolean {
    this.#take(space);
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #expected(what: string): SyntaxError {
    const rest = this.#text.slice(this.#at, this.#at + 10);
    const found = rest === '' ? 'end of input' : JSON.stringify(rest);
    return new SyntaxError(`${this.#at}: unexpected ${found}: expected ${what}`);
  }
}

function unquote(literal: string, at: number): string {
  const inner = literal.slice(1, -1);
  if (inner.replace(goEscape, '').includes('\\')) throw new SyntaxError(`${at}: ${literal}: invalid escape`);
  return inner.replace(goEscape, (_, hex, u4, u8, octal, single) => {
    if (single !== undefined) return control[single] ?? single;
    return String.fromCodePoint(
      octal === undefined ? Number.parseInt(hex ?? u4 ?? u8, 16) : Number.parseInt(octal, 8),
    );
  });
}
