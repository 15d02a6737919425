import { ExpositionError } from './exposition-error.ts';
import { FamilyBuilder } from './family-builder.ts';
import { type MetricFamily, sampleSuffixes } from './metric-family.ts';
import { parseSampleLine } from './sample-line.ts';
import { unescapeText } from './series-bytes.ts';

/**
 * A page of OpenMetrics 1.0, held to every rule of the format.
 * @throws ExpositionError for the first line that breaks one.
 */
export function parseOpenMetrics(page: string): MetricFamily[] {
  const reader = new PageReader();
  const lines = page.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) reader.take(line);
  return reader.finish();
}

class PageReader {
  readonly #families: MetricFamily[] = [];
  /** Sample names that the families so far may have: none of them may come again. */
  readonly #taken = new Set<string>();
  #family: FamilyBuilder | undefined;
  #line = 0;
  #ended = false;

  take(line: string): void {
    this.#line++;
    if (this.#ended) this.#refuse('the page goes on after # EOF');
    if (line === '') this.#refuse('OpenMetrics has no blank lines');
    if (line === '# EOF') this.#ended = true;
    else if (line.startsWith('#')) this.#metadata(line);
    else this.#sample(line);
  }

  finish(): MetricFamily[] {
    this.#close();
    this.#line++;
    if (!this.#ended) this.#refuse('the page does not end with # EOF');
    return this.#families;
  }

  #metadata(line: string): void {
    const [, what, name, text] =
      /^# ([A-Z]+) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line) ??
      this.#refuse('expected # TYPE, # HELP or # UNIT, a metric name and a text');
    if (this.#family?.name !== name) this.#open(name!);
    this.#family!.describe(what!, what === 'HELP' ? unescapeText(text!) : text!, this.#refuse);
  }

  #sample(line: string): void {
    const sample = parseSampleLine(line, this.#line);
    if (!this.#family?.has(sample.name)) this.#open(sample.name);
    this.#family!.add(sample, this.#refuse);
  }

  #open(name: string): void {
    this.#close();
    if (this.#taken.has(name)) this.#refuse(`the name ${name} belongs to a family before`);
    this.#family = new FamilyBuilder(name);
  }

  #close(): void {
    if (!this.#family) return;
    const family = this.#family.finish(this.#refuse);
    for (const suffix of new Set(['', ...sampleSuffixes[family.type]])) {
      const name = family.name + suffix;
      if (this.#taken.has(name))
        this.#refuse(`${family.name} clashes with a family before: both may have ${name}`);
      this.#taken.add(name);
    }
    this.#families.push(family);
    this.#family = undefined;
  }

  readonly #refuse = (what: string): never => {
    throw new ExpositionError(what, this.#line, 1);
  };
}
