import { TemplateError } from './error.ts';
import { keywords, type Token, type TokenKind } from './token.ts';

const left = '{{';
const right = '}}';
const isSpace = (char: string) => char === ' ' || char === '\t' || char === '\r' || char === '\n';
const word = /[\p{L}\p{Nd}_]*/uy;
const numberShape =
  /[+-]?(0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*([pP][+-]?\d+)?|[\d_]*\.?[\d_]*([eE][+-]?\d+)?)/y;

/** Splits a template into tokens. @throws TemplateError naming the template and the line. */
export function tokenize(text: string, name: string): Token[] {
  return new Lexer(text, name).run();
}

/** The line, from 1, that an offset stands on. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

class Lexer {
  readonly #text: string;
  readonly #name: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #parens = 0;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  run(): Token[] {
    while (this.#at < this.#text.length) {
      this.#plain();
      if (this.#at < this.#text.length) this.#opening();
    }
    this.#emit('eof', 0);
    return this.#tokens;
  }

  /** Text up to the next action, trimmed on the right where the action begins with `{{- `. */
  #plain(): void {
    const open = this.#text.indexOf(left, this.#at);
    const end = open < 0 ? this.#text.length : open;
    const trimmed = open >= 0 && this.#trimsLeft(open) ? trimEnd(this.#text, this.#at, end) : end;
    if (trimmed > this.#at) this.#emit('text', trimmed - this.#at);
    this.#at = end;
  }

  #trimsLeft(open: number): boolean {
    return this.#text[open + 2] === '-' && isSpace(this.#text[open + 3] ?? '');
  }

  #opening(): void {
    const marker = this.#trimsLeft(this.#at) ? 2 : 0;
    if (this.#text.startsWith('/*', this.#at + left.length + marker)) this.#comment(marker);
    else this.#action(marker);
  }

  #comment(marker: number): void {
    const close = this.#text.indexOf('*/', this.#at + left.length + marker + 2);
    if (close < 0) throw this.#fault('unclosed comment');
    this.#at = close + 2;
    if (!this.#closing()) throw this.#fault('comment ends before closing delimiter');
  }

  /** Steps over `}}` or ` -}}`, and the space that the latter trims. */
  #closing(): boolean {
    const text = this.#text;
    if (isSpace(text[this.#at] ?? '') && text.startsWith(`-${right}`, this.#at + 1)) {
      this.#at += 2 + right.length;
      while (isSpace(text[this.#at] ?? '')) this.#at++;
      return true;
    }
    if (!text.startsWith(right, this.#at)) return false;
    this.#at += right.length;
    return true;
  }

  #action(marker: number): void {
    this.#emit('leftDelim', left.length);
    this.#at += marker;
    this.#parens = 0;
    for (;;) {
      const start = this.#at;
      if (this.#closing()) {
        if (this.#parens > 0) throw this.#fault('unclosed left paren', start);
        this.#tokens.push({ kind: 'rightDelim', text: right, at: start });
        return;
      }
      this.#actionToken(this.#text[this.#at]);
    }
  }

  #actionToken(char: string | undefined): void {
    const digit = /\d/.test(this.#text[this.#at + 1] ?? '');
    if (char === undefined) throw this.#fault('unclosed action');
    else if (isSpace(char)) this.#spaces();
    else if (char === ':') this.#declare();
    else if (char === '"') this.#quoted('string', '"', 'unterminated quoted string');
    else if (char === "'") this.#quoted('char', "'", 'unterminated character constant');
    else if (char === '`') this.#raw();
    else if (char === '$') this.#word('variable', 1);
    else if (char === '.' && !digit) this.#word('field', 1);
    else if (/[+\-\d.]/.test(char)) this.#number();
    else if (/[\p{L}_]/u.test(this.#charAt(this.#at))) this.#word('identifier', 0);
    else this.#symbol(char);
  }

  #symbol(char: string): void {
    const kinds: Partial<Record<string, TokenKind>> = {
      '=': 'assign',
      '|': 'pipe',
      ',': 'comma',
      '(': 'leftParen',
      ')': 'rightParen',
    };
    const kind = kinds[char];
    if (!kind)
      throw this.#fault(`unrecognized character in action: ${codePointName(this.#charAt(this.#at))}`);
    if (char === '(') this.#parens++;
    if (char === ')' && --this.#parens < 0) throw this.#fault('unexpected right paren');
    this.#emit(kind, 1);
  }

  /** A run of spaces, short of one that belongs to a closing ` -}}`. */
  #spaces(): void {
    let end = this.#at;
    while (isSpace(this.#text[end] ?? '') && !this.#text.startsWith(`-${right}`, end + 1)) end++;
    if (end > this.#at) this.#emit('space', end - this.#at);
  }

  #declare(): void {
    if (this.#text[this.#at + 1] !== '=') throw this.#fault('expected :=');
    this.#emit('declare', 2);
  }

  #quoted(kind: TokenKind, quote: string, fault: string): void {
    let end = this.#at + 1;
    while (this.#text[end] !== quote) {
      if (end >= this.#text.length || this.#text[end] === '\n') throw this.#fault(fault);
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    this.#emit(kind, end + 1 - this.#at);
  }

  #raw(): void {
    const end = this.#text.indexOf('`', this.#at + 1);
    if (end < 0) throw this.#fault('unterminated raw quoted string');
    this.#emit('rawString', end + 1 - this.#at);
  }

  #number(): void {
    numberShape.lastIndex = this.#at;
    const length = numberShape.exec(this.#text)?.[0].length ?? 0;
    const next = this.#charAt(this.#at + length);
    if (length === 0 || /[\p{L}\p{Nd}_]/u.test(next))
      throw this.#fault(
        `bad number syntax: ${JSON.stringify(this.#text.slice(this.#at, this.#at + length) + next)}`,
      );
    this.#emit('number', length);
  }

  /** An identifier, or one behind the `.` of a field or the `$` of a variable. */
  #word(kind: 'field' | 'variable' | 'identifier', prefix: number): void {
    word.lastIndex = this.#at + prefix;
    const length = prefix + word.exec(this.#text)![0].length;
    const text = this.#text.slice(this.#at, this.#at + length);
    this.#checkTerminator(this.#at + length);
    this.#emit(kindOfWord(kind, text), length);
  }

  #checkTerminator(at: number): void {
    const next = this.#charAt(at);
    if (next === '' || /[\s.,|:()=]/.test(next) || this.#text.startsWith(right, at)) return;
    throw this.#fault(`bad character ${codePointName(next)}`);
  }

  #charAt(at: number): string {
    const code = this.#text.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #emit(kind: TokenKind, length: number): void {
    this.#tokens.push({ kind, text: this.#text.slice(this.#at, this.#at + length), at: this.#at });
    this.#at += length;
  }

  #fault(message: string, at = this.#at): TemplateError {
    return new TemplateError(`template: ${this.#name}:${lineOf(this.#text, at)}: ${message}`);
  }
}

function kindOfWord(kind: 'field' | 'variable' | 'identifier', text: string): TokenKind {
  if (kind === 'field') return text === '.' ? '.' : 'field';
  if (kind === 'variable') return 'variable';
  if (text === 'true' || text === 'false') return 'bool';
  return keywords.has(text) ? (text as TokenKind) : 'identifier';
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text[end - 1]!)) end--;
  return end;
}

/** Go's %#U: `U+0040 '@'`. */
function codePointName(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} '${char}'`;
}
