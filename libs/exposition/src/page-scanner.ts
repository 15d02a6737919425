import { type Labels, labelsFrom, labelsFromPairs, parseValue } from '@paddlewatch/model';
import { dot, hash, isBlank, isDigit, minus, newline, openBrace, plus, quote, space, zero } from './bytes.ts';
import { ExpositionError } from './exposition-error.ts';
import type { PageExemplar } from './page-exemplar.ts';
import { parseExemplar } from './sample-line.ts';
import { type Refuse, readSeries, seriesEnd, unescapeText } from './series-bytes.ts';

/** `protobuf` is what readProtobuf makes of such a page: text with OpenMetrics' types, units and nothing at its end. */
export type PageFormat = 'text' | 'openmetrics' | 'protobuf';

/** What a line is; `end` comes once, after the last. */
export type PageLine = 'series' | 'help' | 'type' | 'unit' | 'end';

const allTypes = 'counter gauge histogram gaugehistogram summary info stateset unknown untyped'.split(' ');
const types = {
  text: new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']),
  openmetrics: new Set(allTypes),
  protobuf: new Set(allTypes),
} as const;

/** Powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Reads a page of Prometheus text or OpenMetrics line by line, as Prometheus 3 reads it, and makes no strings: a line
 * is places in the page and numbers. The fields hold until the next line is taken.
 *
 * Throws ExpositionError where the page breaks its format. What Prometheus does not look at while it scrapes
 * (grouping, suffixes, exemplars) is not looked at here either: that is `parseOpenMetrics`' work.
 */
export class PageScanner {
  page: Buffer = Buffer.alloc(0);
  /** The same bytes as a view, which a later page is compared with. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Of a series: its bytes, name and labels. */
  seriesStart = 0;
  seriesEnd = 0;
  value = Number.NaN;
  /** Milliseconds, NaN where the line has none. */
  timestamp = Number.NaN;
  /** Of a metadata line: the metric name (without quotes) and what is said of it. */
  nameStart = 0;
  nameEnd = 0;
  textStart = 0;
  textEnd = 0;
  /** Where the line taken last begins, and where the next one does. */
  lineStart = 0;
  /** Of a series line of OpenMetrics that has an exemplar: its first byte. Of another line it lies before the series. */
  exemplarStart = -1;
  #next = 0;
  #format: PageFormat = 'text';
  #ended = false;
  readonly #refuse: Refuse = (what, at) => this.fail(what, at);

  open(page: Buffer, format: PageFormat): void {
    this.page = page;
    this.view = new DataView(page.buffer, page.byteOffset, page.length);
    this.#format = format;
    this.#next = 0;
    this.exemplarStart = -1;
    this.#ended = false;
  }

  get nextStart(): number {
    return this.#next;
  }

  /**
   * Takes the line at the cursor when it is the series `known[from, to)`, which was a series of this page or an
   * earlier one; otherwise does nothing. This spares finding where the series ends, and looking it up.
   */
  takeSeries(known: DataView, from: number, to: number): boolean {
    const at = this.#next;
    let after = at + to - from;
    if (this.page[after] !== space || !sameBytes(this.view, at, known, from, to)) return false;
    while (isBlank(this.page[after])) after++;
    if (this.page[after] === openBrace) return false;
    this.lineStart = at;
    this.seriesStart = at;
    this.seriesEnd = at + to - from;
    this.#sample(after);
    return true;
  }

  /** Whether the series taken last is written as `known[from, to)`. */
  isSeries(known: DataView, from: number, to: number): boolean {
    const { seriesStart, seriesEnd } = this;
    return seriesEnd - seriesStart === to - from && sameBytes(this.view, seriesStart, known, from, to);
  }

  /** Takes the line at the cursor when it is, from end to end, the metadata line `known[from, to)`. */
  takeLine(known: DataView, from: number, to: number): boolean {
    const at = this.#next;
    const end = at + to - from;
    if (this.page[end - 1] !== newline || !sameBytes(this.view, at, known, from, to)) return false;
    this.lineStart = at;
    this.#next = end;
    return true;
  }

  /** Takes the next line that says something. */
  next(): PageLine {
    const { page } = this;
    while (this.#next < page.length) {
      let at = this.#next;
      this.lineStart = at;
      while (isBlank(page[at])) at++;
      if (this.#ended) this.fail('the page goes on after # EOF', at);
      if (page[at] === hash) {
        const line = this.#comment(at);
        if (line) return line;
      } else if (page[at] === newline || at === page.length) {
        if (this.#format === 'openmetrics') this.fail('OpenMetrics has no blank lines', at);
        this.#next = at + 1;
      } else {
        this.#series(at);
        return 'series';
      }
    }
    if (this.#format === 'openmetrics' && !this.#ended)
      this.fail('the page does not end with # EOF', page.length);
    return 'end';
  }

  /** Labels of the series taken last: sorted, without empty ones. */
  labels(): Labels {
    return labelsFromPairs(this.pairs());
  }

  /** The same as the page wrote them, empty ones too: whoever honours a page's labels needs to see those. */
  pairs(): Map<string, string> {
    return readSeries(this.page, this.seriesStart, this.seriesEnd, this.#refuse);
  }

  /** Moves the cursor to a line of the page that begins at `start`. */
  seek(start: number): void {
    this.#next = start;
  }

  /** The metric name of the metadata line taken last. */
  name(): string {
    return unescapeText(this.page.toString('utf8', this.nameStart, this.nameEnd));
  }

  /** What the metadata line taken last says. */
  text(): string {
    return unescapeText(this.page.toString('utf8', this.textStart, this.textEnd));
  }

  /** The exemplar of the series line taken last, undefined where it has none. @throws ExpositionError */
  exemplar(): PageExemplar | undefined {
    const start = this.exemplarStart;
    if (start < this.seriesStart) return undefined;
    const text = this.page.toString('utf8', start, lineEnd(this.page, start));
    const { labels, value, timestamp } = parseExemplar(text, (what) => this.fail(what, start));
    return {
      labels: labelsFrom(labels),
      value,
      timestamp: timestamp === undefined ? undefined : Math.round(timestamp * 1000),
    };
  }

  fail(what: string, at: number): never {
    let line = 1;
    let start = 0;
    for (
      let next = this.page.indexOf(newline);
      next >= 0 && next < at;
      next = this.page.indexOf(newline, start)
    ) {
      line++;
      start = next + 1;
    }
    throw new ExpositionError(what, line, at - start + 1);
  }

  #series(at: number): void {
    this.seriesStart = at;
    this.seriesEnd = seriesEnd(this.page, at, this.#refuse);
    let after = this.seriesEnd;
    while (isBlank(this.page[after])) after++;
    this.#sample(after);
  }

  /** Value, timestamp and the end of the line, from the first byte of the value. */
  #sample(start: number): void {
    const { page } = this;
    let at = this.#number(start, 'value');
    this.timestamp = Number.NaN;
    while (isBlank(page[at])) at++;
    if (page[at] !== newline && page[at] !== hash && at < page.length) {
      at = this.#timestamp(at);
      while (isBlank(page[at])) at++;
    }
    if (page[at] === hash && this.#format === 'openmetrics') {
      this.exemplarStart = at;
      at = lineEnd(page, at);
    }
    if (page[at] !== newline && at < page.length) this.fail('expected the end of the line', at);
    this.#next = at + 1;
  }

  #timestamp(start: number): number {
    const value = this.value;
    const end = this.#number(start, 'timestamp');
    const stamp = this.value;
    this.value = value;
    if (!Number.isFinite(stamp)) this.fail('a timestamp must be finite', start);
    if (this.#format !== 'openmetrics' && !Number.isInteger(stamp))
      this.fail('a timestamp must be whole milliseconds', start);
    this.timestamp = this.#format === 'openmetrics' ? Math.trunc(stamp * 1000) : stamp;
    return end;
  }

  /** Reads the number that begins at `start` into `value`, exactly; returns where it ends. */
  #number(start: number, what: string): number {
    const { page } = this;
    let at = start;
    let byte = page[at]!;
    const negative = byte === minus;
    if (negative || byte === plus) byte = page[++at]!;
    let mantissa = 0;
    let scale = 0;
    let digitsFrom = at;
    while (byte >= zero && byte <= 57) {
      mantissa = mantissa * 10 + (byte - zero);
      byte = page[++at]!;
    }
    if (byte === dot) {
      const point = at;
      digitsFrom++;
      byte = page[++at]!;
      while (byte >= zero && byte <= 57) {
        mantissa = mantissa * 10 + (byte - zero);
        byte = page[++at]!;
      }
      scale = at - point - 1;
    }
    // A mantissa below 2^53 and a power of ten that a double holds: one division rounds as it should.
    if (!(byte === newline || byte === space) || at === digitsFrom) return this.#oddNumber(start, what);
    if (mantissa <= Number.MAX_SAFE_INTEGER && scale <= 22) {
      const value = scale === 0 ? mantissa : mantissa / powers[scale]!;
      this.value = negative ? -value : value;
    } else this.value = Number(page.toString('latin1', start, at));
    return at;
  }

  /** Exponents, long mantissas, hexadecimal floats, infinities, NaN. */
  #oddNumber(start: number, what: string): number {
    const { page } = this;
    let end = start;
    while (end < page.length && page[end] !== newline && !isBlank(page[end])) end++;
    const text = page.toString('latin1', start, end);
    const value = parseValue(text);
    if (value === undefined)
      this.fail(text === '' ? `expected a ${what}` : `"${text}" is not a ${what}`, start);
    this.value = value;
    return end;
  }

  /** A line that begins with #: metadata, the end of an OpenMetrics page, or words to skip. */
  #comment(start: number): PageLine | undefined {
    const { page } = this;
    const end = lineEnd(page, start);
    this.#next = end + 1;
    let at = start + 1;
    if (!isBlank(page[at])) return this.#otherComment(start, end);
    while (isBlank(page[at])) at++;
    const word = page.toString('latin1', at, Math.min(at + 5, end));
    if (word === 'EOF' && this.#format === 'openmetrics') {
      this.#ended = true;
      return undefined;
    }
    const line = metadataWords[word];
    if (!line || (line === 'unit' && this.#format === 'text')) return this.#otherComment(start, end);
    this.#metadata(line, at + 5, end);
    return line;
  }

  #otherComment(start: number, end: number): undefined {
    if (this.#format === 'openmetrics') {
      this.fail(`"${this.page.toString('utf8', start, Math.min(end, start + 20))}" is not metadata`, start);
    }
  }

  #metadata(line: 'help' | 'type' | 'unit', start: number, end: number): void {
    const { page } = this;
    let at = start;
    while (isBlank(page[at])) at++;
    const quoted = page[at] === quote;
    if (quoted) {
      this.nameStart = ++at;
      while (at < end && page[at] !== quote) at += page[at] === 0x5c ? 2 : 1;
      this.nameEnd = at++;
    } else {
      this.nameStart = at;
      while (at < end && !isBlank(page[at])) at++;
      this.nameEnd = at;
    }
    if (this.nameEnd === this.nameStart || isDigit(page[this.nameStart]!))
      this.fail('expected a metric name', start);
    while (at < end && isBlank(page[at])) at++;
    this.textStart = at;
    this.textEnd = end;
    if (line === 'type') this.#checkType();
  }

  #checkType(): void {
    const type = this.text().trimEnd();
    if (!types[this.#format].has(type)) this.fail(`"${type}" is not a metric type`, this.textStart);
    this.textEnd = this.textStart + type.length;
  }
}

const metadataWords: Readonly<Record<string, 'help' | 'type' | 'unit'>> = {
  'HELP ': 'help',
  'HELP\t': 'help',
  'TYPE ': 'type',
  'TYPE\t': 'type',
  'UNIT ': 'unit',
  'UNIT\t': 'unit',
};

function lineEnd(page: Buffer, from: number): number {
  const end = page.indexOf(newline, from);
  return end < 0 ? page.length : end;
}

/** Whether `page` from `at` has the bytes `known[from, to)`; eight at a time, which is what scraping spends its time on. */
function sameBytes(page: DataView, at: number, known: DataView, from: number, to: number): boolean {
  const shift = at - from;
  if (to + shift > page.byteLength) return false;
  // Neighbouring series differ at their ends, in the last label: a miss is seen there first.
  if (to - from >= 4 && page.getInt32(to - 4 + shift, true) !== known.getInt32(to - 4, true)) return false;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    const low = page.getInt32(i + shift, true) ^ known.getInt32(i, true);
    const high = page.getInt32(i + shift + 4, true) ^ known.getInt32(i + 4, true);
    if ((low | high) !== 0) return false;
  }
  for (; i < to; i++) if (page.getUint8(i + shift) !== known.getUint8(i)) return false;
  return true;
}
