import { isLegacyLabelName, isLegacyMetricName } from '@paddlewatch/model';
import { type Counter, counterKind } from './counter.ts';
import { Family } from './family.ts';
import { type Gauge, gaugeKind } from './gauge.ts';
import { defaultBuckets, type Histogram, histogramKind } from './histogram.ts';
import type { Child, Kind } from './kind.ts';
import { contentTypes, type Format, negotiate } from './negotiate.ts';

export interface MetricOptions {
  /** In base units, a counter's with `_total`: `paddle_request_duration_seconds`. */
  readonly name: string;
  readonly help: string;
}

export interface LabelledOptions<L extends readonly string[]> extends MetricOptions {
  /** Label names in the order in which `with` takes their values. */
  readonly labels: L;
  /** Label sets to keep apart, 20,000 by default. */
  readonly maxChildren?: number;
}

export interface BucketOptions {
  /** Upper bounds, ascending; +Inf is added. */
  readonly buckets?: readonly number[];
}

export interface Exposition {
  readonly contentType: string;
  readonly body: Buffer;
}

const defaultMaxChildren = 20_000;

/** The metrics of a program, and their exposition. */
export class Registry {
  readonly #families = new Map<string, Family<Child, readonly string[]>>();
  readonly #beforeExposing: (() => void)[] = [];
  readonly #overflow = this.counter({
    name: 'paddlewatch_metrics_overflow_total',
    help: 'Updates that went to the overflow child because their metric has as many label sets as it may.',
    labels: ['metric'],
  });
  #last: Partial<Record<Format, { pages: readonly Buffer[]; body: Buffer }>> = {};

  counter(options: MetricOptions): Counter;
  counter<const L extends readonly string[]>(options: LabelledOptions<L>): Family<Counter, L>;
  counter(options: MetricOptions | LabelledOptions<readonly string[]>) {
    return this.#register(counterKind, options);
  }

  gauge(options: MetricOptions): Gauge;
  gauge<const L extends readonly string[]>(options: LabelledOptions<L>): Family<Gauge, L>;
  gauge(options: MetricOptions | LabelledOptions<readonly string[]>) {
    return this.#register(gaugeKind, options);
  }

  histogram(options: MetricOptions & BucketOptions): Histogram;
  histogram<const L extends readonly string[]>(
    options: LabelledOptions<L> & BucketOptions,
  ): Family<Histogram, L>;
  histogram(options: (MetricOptions | LabelledOptions<readonly string[]>) & BucketOptions) {
    return this.#register(histogramKind(options.name, options.buckets ?? defaultBuckets), options);
  }

  /** Runs before each exposition: the place to set gauges that are read rather than counted. */
  onExpose(update: () => void): void {
    this.#beforeExposing.push(update);
  }

  /** All metrics in the format that an Accept header asks for. The body is never written again. */
  expose(accept?: string): Exposition {
    for (const update of this.#beforeExposing) update();
    const format = negotiate(accept);
    return { contentType: contentTypes[format], body: this.#body(format) };
  }

  #body(format: Format): Buffer {
    const shown = [...this.#families.values()].filter((family) => family.size > 0);
    const pages = shown.map((family) => family.render());
    const last = this.#last[format];
    if (last?.pages.length === pages.length && pages.every((page, i) => page === last.pages[i]))
      return last.body;
    const parts = shown.flatMap((family, i) => [Buffer.from(metadata(family, format)), pages[i]!]);
    if (format === 'openmetrics') parts.push(Buffer.from('# EOF\n'));
    const body = Buffer.concat(parts);
    this.#last[format] = { pages, body };
    return body;
  }

  #register<C extends Child>(kind: Kind<C>, options: MetricOptions | LabelledOptions<readonly string[]>) {
    const { name, help } = options;
    const labelNames = 'labels' in options ? options.labels : [];
    this.#check(kind, name, labelNames);
    const family = new Family<C, readonly string[]>(kind, {
      name,
      help,
      labelNames,
      maxChildren: ('labels' in options && options.maxChildren) || defaultMaxChildren,
      onOverflow: () => this.#overflow.with(name).inc(),
    });
    this.#families.set(name, family);
    return labelNames.length === 0 ? family.with() : family;
  }

  #check(kind: Kind<Child>, name: string, labelNames: readonly string[]): void {
    const refuse = (why: string) => {
      throw new TypeError(`cannot register metric "${name}": ${why}`);
    };
    if (!isLegacyMetricName(name)) refuse('it is not a metric name');
    if (this.#families.has(name)) refuse('the registry has it already');
    if (new Set(labelNames).size !== labelNames.length) refuse('two of its labels have the same name');
    for (const label of labelNames) {
      if (!isLegacyLabelName(label) || label.startsWith('__')) refuse(`"${label}" is not a label name`);
      if (label === 'le' && kind.type === 'histogram') refuse('a histogram has a label "le" of its own');
    }
  }
}

function metadata({ name, help, type }: Family<Child, readonly string[]>, format: Format): string {
  const text = help.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'));
  if (format === 'text' || type !== 'counter') return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`;
  // OpenMetrics names a counter without its _total, and has no counters whose samples lack it.
  if (!name.endsWith('_total')) return `# HELP ${name} ${text}\n# TYPE ${name} unknown\n`;
  const bare = name.slice(0, -'_total'.length);
  return `# HELP ${bare} ${text}\n# TYPE ${bare} counter\n`;
}
