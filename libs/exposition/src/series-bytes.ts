import { isUtf8 } from 'node:buffer';
import { metricName } from '@paddlewatch/model';
import {
  backslash,
  closeBrace,
  comma,
  equals,
  isBlank,
  isDigit,
  isNameByte,
  newline,
  openBrace,
  quote,
} from './bytes.ts';

/** 1 for every byte but those, and so not for what lies beyond the page: a loop over plain bytes asks one thing only. */
function allBut(...bytes: number[]): Uint8Array {
  const plain = new Uint8Array(256).fill(1);
  for (const byte of bytes) plain[byte] = 0;
  return plain;
}

const plainInLabels = allBut(quote, closeBrace, newline);
const plainInString = allBut(quote, backslash, newline);

/** Hears of what is wrong with a series, and at which byte. */
export type Refuse = (what: string, at: number) => never;

/** End of the series that begins at `start`: past its name, or past its closing brace. */
export function seriesEnd(page: Buffer, start: number, refuse: Refuse): number {
  let at = start;
  if (page[at] !== openBrace) {
    if (isDigit(page[at]!) || !isNameByte(page[at]!))
      refuse('a series must begin with a metric name or {', at);
    while (at < page.length && isNameByte(page[at]!)) at++;
    const name = at;
    while (isBlank(page[at])) at++;
    if (page[at] !== openBrace) return name;
  }
  at++;
  for (;;) {
    while (plainInLabels[page[at]!] === 1) at++;
    if (page[at] !== quote) break;
    at = stringEnd(page, at, refuse);
  }
  return page[at] === closeBrace ? at + 1 : refuse('the labels have no closing }', at);
}

/** Past the closing quote of the string whose opening quote is at `start`. */
function stringEnd(page: Buffer, start: number, refuse: Refuse): number {
  for (let at = start + 1; at < page.length; at += 2) {
    while (plainInString[page[at]!] === 1) at++;
    if (page[at] === quote) return at + 1;
    if (page[at] !== backslash) break;
  }
  return refuse('the string has no closing "', start);
}

/** Labels of the series at `[start, end)`, its metric name among them; also of the form `{"a.b",c="d"}`. */
export function readSeries(page: Buffer, start: number, end: number, refuse: Refuse): Map<string, string> {
  return new SeriesReader(page, end, refuse).read(start);
}

class SeriesReader {
  readonly #page: Buffer;
  readonly #end: number;
  readonly #refuse: Refuse;
  readonly #pairs = new Map<string, string>();
  #at = 0;

  constructor(page: Buffer, end: number, refuse: Refuse) {
    this.#page = page;
    this.#end = end;
    this.#refuse = refuse;
  }

  read(start: number): Map<string, string> {
    this.#at = start;
    if (this.#page[start] !== openBrace) this.#add(metricName, this.#name());
    this.#blanks();
    if (this.#at < this.#end) this.#labels();
    if (!this.#pairs.has(metricName)) this.#refuse('the series has no metric name', start);
    return this.#pairs;
  }

  #labels(): void {
    this.#at++;
    for (this.#blanks(); this.#page[this.#at] !== closeBrace; this.#blanks()) {
      this.#label();
      this.#blanks();
      if (this.#page[this.#at] === comma) this.#at++;
      else if (this.#page[this.#at] !== closeBrace) this.#refuse('expected , or } after a label', this.#at);
    }
  }

  #label(): void {
    const quoted = this.#page[this.#at] === quote;
    const name = quoted ? this.#string() : this.#name();
    this.#blanks();
    if (quoted && this.#page[this.#at] !== equals) {
      this.#add(metricName, name);
      return;
    }
    if (this.#page[this.#at] !== equals) this.#refuse('expected = after the label name', this.#at);
    this.#at++;
    this.#blanks();
    if (this.#page[this.#at] !== quote) this.#refuse('expected a label value in quotes', this.#at);
    this.#add(name, this.#string());
  }

  #add(name: string, value: string): void {
    if (this.#pairs.has(name)) this.#refuse(`the label ${JSON.stringify(name)} stands twice`, this.#at);
    this.#pairs.set(name, value);
  }

  #name(): string {
    const start = this.#at;
    if (isDigit(this.#page[start]!)) this.#refuse('a name cannot begin with a digit', start);
    while (this.#at < this.#end && isNameByte(this.#page[this.#at]!)) this.#at++;
    if (this.#at === start) this.#refuse('expected a name', start);
    return this.#page.toString('latin1', start, this.#at);
  }

  #string(): string {
    const start = this.#at;
    this.#at = stringEnd(this.#page, start, this.#refuse);
    const text = this.#text(start + 1, this.#at - 1);
    return text.includes('\\') ? unescapeText(text) : text;
  }

  #text(start: number, end: number): string {
    const page = this.#page;
    let bits = 0;
    for (let at = start; at < end; at++) bits |= page[at]!;
    if (bits < 0x80) return page.toString('latin1', start, end);
    if (!isUtf8(page.subarray(start, end))) this.#refuse('the string is not UTF-8', start - 1);
    return page.toString('utf8', start, end);
  }

  #blanks(): void {
    while (isBlank(this.#page[this.#at])) this.#at++;
  }
}

/** Undoes `\\`, `\"` and `\n`; a backslash before anything else stands for itself. */
export function unescapeText(text: string): string {
  return text.replace(/\\(["\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
