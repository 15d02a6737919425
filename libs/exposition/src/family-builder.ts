import { histogramFault } from './histogram-rules.ts';
import {
  type MetricFamily,
  type MetricType,
  metricTypes,
  type Sample,
  sampleSuffixes,
} from './metric-family.ts';
import { metricKey, sampleFault } from './sample-rules.ts';

/** Hears of a broken rule. */
export type Refuse = (what: string) => never;

/** A family as its lines come in; each step refuses what its type does not allow. */
export class FamilyBuilder {
  readonly name: string;
  #type: MetricType | undefined;
  #help: string | undefined;
  #unit: string | undefined;
  readonly #samples: Sample[] = [];
  /** Samples of the metric at hand, and what tells it from others. */
  #metric: Sample[] = [];
  #key: string | undefined;
  readonly #pastKeys = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  get type(): MetricType {
    return this.#type ?? 'unknown';
  }

  has(sampleName: string): boolean {
    return sampleSuffixes[this.type].some((suffix) => this.name + suffix === sampleName);
  }

  describe(what: string, text: string, refuse: Refuse): void {
    if (this.#samples.length > 0) refuse(`${what} of ${this.name} comes after its samples`);
    switch (what) {
      case 'TYPE':
        if (this.#type !== undefined) refuse(`a second TYPE of ${this.name}`);
        this.#type = metricTypes.find((type) => type === text) ?? refuse(`"${text}" is not a metric type`);
        break;
      case 'HELP':
        if (this.#help !== undefined) refuse(`a second HELP of ${this.name}`);
        this.#help = text;
        break;
      case 'UNIT':
        if (this.#unit !== undefined) refuse(`a second UNIT of ${this.name}`);
        this.#unit = text;
        if (text !== '' && !this.name.endsWith(`_${text}`))
          refuse(`${this.name} does not end in its unit _${text}`);
        break;
      default:
        refuse(`"${what}" is not metadata`);
    }
    const unitless = this.type === 'info' || this.type === 'stateset';
    if (unitless && this.#unit) refuse(`${this.name} cannot have a unit: it is of type ${this.type}`);
  }

  add(sample: Sample, refuse: Refuse): void {
    const fault = sampleFault(this.name, this.type, sample);
    if (fault) refuse(fault);
    const key = metricKey(this.name, this.type, sample);
    if (key !== this.#key) this.#nextMetric(key, refuse);
    this.#checkOrder(sample, refuse);
    this.#metric.push(sample);
    this.#samples.push(sample);
  }

  finish(refuse: Refuse): MetricFamily {
    this.#checkMetric(refuse);
    return {
      name: this.name,
      type: this.type,
      help: this.#help ?? '',
      unit: this.#unit ?? '',
      samples: this.#samples,
    };
  }

  #nextMetric(key: string, refuse: Refuse): void {
    this.#checkMetric(refuse);
    if (this.#pastKeys.has(key)) refuse(`the samples of a metric of ${this.name} do not stand together`);
    this.#pastKeys.add(key);
    this.#key = key;
    this.#metric = [];
  }

  #checkOrder(sample: Sample, refuse: Refuse): void {
    const last = this.#metric.at(-1);
    if (!last) return;
    const { timestamp } = sample;
    if ((timestamp === undefined) !== (last.timestamp === undefined)) {
      refuse(`some samples of a metric of ${this.name} have timestamps and some have not`);
    }
    if (timestamp === undefined) {
      if (this.#metric.some((other) => sameSeries(other, sample))) refuse(`${sample.name} stands twice`);
    } else if (timestamp < last.timestamp! && this.type !== 'info')
      refuse(`the time of ${sample.name} goes backwards`);
  }

  #checkMetric(refuse: Refuse): void {
    if (this.type !== 'histogram' && this.type !== 'gaugehistogram') return;
    for (const point of Map.groupBy(this.#metric, ({ timestamp }) => timestamp).values()) {
      const fault = histogramFault(this.name, point);
      if (fault) refuse(`the histogram ${this.name} breaks off: ${fault}`);
    }
  }
}

function sameSeries(a: Sample, b: Sample): boolean {
  const names = Object.keys(a.labels);
  if (a.name !== b.name || names.length !== Object.keys(b.labels).length) return false;
  return names.every((name) => a.labels[name] === b.labels[name]);
}
