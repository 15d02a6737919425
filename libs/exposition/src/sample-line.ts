import { ExpositionError } from './exposition-error.ts';
import type { Exemplar, Sample } from './metric-family.ts';
import { unescapeText } from './series-bytes.ts';

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const labelValue = /"((?:[^"\\]|\\.)*)"/y;
const number = /[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)|nan/iy;
const timestamp = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy;
/** Code points of names and values together. */
const longestExemplar = 128;

/** A sample line of OpenMetrics, taken by the letter of its grammar. @throws ExpositionError */
export function parseSampleLine(text: string, line: number): Sample {
  return new SampleLine(text, line).sample();
}

/** An exemplar, from its # to the end of its line. Hears what is wrong with it. */
export function parseExemplar(text: string, refuse: (what: string) => never): Exemplar {
  try {
    return new SampleLine(` ${text.trimEnd()}`, 1).exemplar();
  } catch (error) {
    if (error instanceof ExpositionError) refuse(`the exemplar cannot be read: ${error.message}`);
    throw error;
  }
}

class SampleLine {
  readonly #text: string;
  readonly #line: number;
  #at = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  sample(): Sample {
    const name = this.#token(metricName, 'a metric name');
    const labels = this.#text[this.#at] === '{' ? this.#labels() : {};
    this.#expect(' ');
    const value = numberOf(this.#token(number, 'a value'));
    const stamp = /^ [^#]/.test(this.#text.slice(this.#at)) ? this.#timestamp() : undefined;
    const exemplar = this.#text.startsWith(' #', this.#at) ? this.exemplar() : undefined;
    if (this.#at < this.#text.length) this.#fail('expected the end of the line');
    if (exemplar) this.#refuseLong(exemplar);
    return { name, labels, value, timestamp: stamp, exemplar };
  }

  exemplar(): Exemplar {
    this.#expect(' # ');
    const labels = this.#labels();
    this.#expect(' ');
    const value = numberOf(this.#token(number, 'the value of the exemplar'));
    return { labels, value, timestamp: this.#at < this.#text.length ? this.#timestamp() : undefined };
  }

  #refuseLong({ labels }: Exemplar): void {
    const length = [...Object.entries(labels).flat().join('')].length;
    if (length <= longestExemplar) return;
    const at = this.#text.indexOf(' # {') + ' # '.length;
    this.#fail(`the labels of an exemplar have ${length} characters, more than ${longestExemplar}`, at);
  }

  #timestamp(): number {
    this.#expect(' ');
    return Number(this.#token(timestamp, 'a timestamp'));
  }

  #labels(): Record<string, string> {
    this.#expect('{');
    const labels: Record<string, string> = {};
    while (this.#text[this.#at] !== '}') {
      if (Object.keys(labels).length > 0) this.#expect(',');
      const start = this.#at;
      const name = this.#token(labelName, 'a label name');
      if (Object.hasOwn(labels, name)) this.#fail(`the label ${name} stands twice`, start);
      this.#expect('=');
      labels[name] = unescapeText(this.#token(labelValue, 'a label value in quotes').slice(1, -1));
    }
    this.#at++;
    return labels;
  }

  #token(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.#at;
    const [token] = pattern.exec(this.#text) ?? this.#fail(`expected ${what}`);
    this.#at += token.length;
    return token;
  }

  #expect(text: string): void {
    if (!this.#text.startsWith(text, this.#at)) this.#fail(`expected "${text}"`);
    this.#at += text.length;
  }

  #fail(what: string, at = this.#at): never {
    throw new ExpositionError(what, this.#line, at + 1);
  }
}

function numberOf(text: string): number {
  const infinity = /^([+-]?)inf/i.exec(text);
  return infinity ? (infinity[1] === '-' ? -Infinity : Infinity) : Number(text);
}
