import { compileMatcher, type Labels, labelsFrom, type Matcher } from '@paddlewatch/model';
import type { LabelColumn, Querier, Queryable, SampleBuffer, SeriesSet } from '../src/index.ts';

const names = ['__name__', 'endpoint', 'instance', 'le', 'model', 'status', 'version', 'zone'];
const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

/**
 * Inference pods of 100 series each: 6 histograms of 12 buckets with sum and count, 6 request counters, 10 gauges.
 * A sample every 15 s, the phase differs from pod to pod. Everything is decoded already: what is measured is the
 * engine alone.
 */
export class Fleet implements Queryable {
  readonly #samples: number;
  /** Times by pod, values by series. */
  readonly #times: Float64Array[] = [];
  readonly #values: Float64Array[] = [];
  readonly #podOf: number[] = [];
  readonly #byName = new Map<string, Uint32Array<ArrayBuffer>>();
  readonly #columns = new Map<string, { ids: number[]; values: string[]; known: Map<string, number> }>();

  constructor(pods: number, samples: number) {
    this.#samples = samples;
    for (const name of names) this.#columns.set(name, { ids: [], values: [''], known: new Map([['', 0]]) });
    for (let pod = 0; pod < pods; pod++) this.#addPod(pod);
  }

  get series(): number {
    return this.#values.length;
  }

  #addPod(pod: number): void {
    const random = noise(pod + 1);
    const phase = Math.floor(random() * 15_000);
    this.#times.push(Float64Array.from({ length: this.#samples }, (_, i) => i * 15_000 + phase));
    const instance = `pod-${String(pod).padStart(5, '0')}:9000`;
    const base = {
      instance,
      model: `model-${pod % 20}`,
      version: `v${pod % 3}`,
      zone: `zone-${'abc'[pod % 3]}`,
    };
    const resetAt = random() < 0.15 ? Math.floor(random() * this.#samples) : -1;
    const counter = (labels: Record<string, string>, speed: number) =>
      this.#add(pod, { ...base, ...labels }, counterValues(this.#samples, speed, resetAt, random));
    for (let histogram = 0; histogram < 6; histogram++) {
      const of = { endpoint: `/v${histogram % 3}`, status: histogram < 3 ? '200' : '500' };
      bounds.forEach((le, i) => {
        counter({ ...of, le, __name__: 'paddle_request_duration_seconds_bucket' }, 2 * (i + 1));
      });
      counter({ ...of, __name__: 'paddle_request_duration_seconds_sum' }, 3);
      counter({ ...of, __name__: 'paddle_request_duration_seconds_count' }, 24);
      counter({ ...of, __name__: 'paddle_requests_total' }, 24);
    }
    for (let gauge = 0; gauge < 10; gauge++)
      this.#add(pod, { ...base, __name__: `paddle_gauge_${gauge}` }, gaugeValues(this.#samples, random));
  }

  #add(pod: number, labels: Record<string, string>, values: Float64Array): void {
    this.#podOf.push(pod);
    this.#values.push(values);
    for (const name of names) {
      const column = this.#columns.get(name)!;
      const value = labels[name] ?? '';
      const id = column.known.get(value) ?? column.values.push(value) - 1;
      column.known.set(value, id);
      column.ids.push(id);
    }
  }

  querier(): Querier {
    return { select: (matchers) => this.#select(matchers), close() {} };
  }

  #select(matchers: readonly Matcher[]): SeriesSet {
    const exact = matchers.find(({ name, type }) => name === '__name__' && type === '=');
    let places = exact ? this.#named(exact.value) : Uint32Array.from({ length: this.series }, (_, i) => i);
    for (const matcher of matchers) {
      if (matcher === exact) continue;
      const column = this.#columns.get(matcher.name);
      const fits = compileMatcher(matcher);
      if (!column) {
        if (!fits('')) places = new Uint32Array(0);
        continue;
      }
      const fitting = column.values.map(fits);
      places = places.filter((place) => fitting[column.ids[place]!]!);
    }
    return this.#set(places);
  }

  /** The series of a metric, found once: opening series is the storage's work and not measured here. */
  #named(name: string): Uint32Array<ArrayBuffer> {
    let places = this.#byName.get(name);
    if (!places) {
      const { ids, values } = this.#columns.get('__name__')!;
      places = Uint32Array.from(ids.keys().filter((place) => values[ids[place]!] === name));
      this.#byName.set(name, places);
    }
    return places;
  }

  #set(places: Uint32Array): SeriesSet {
    const column = (name: string): LabelColumn => {
      const known = this.#columns.get(name);
      if (!known) return { ids: new Uint32Array(places.length), values: [''] };
      return { ids: places.map((place) => known.ids[place]!), values: known.values };
    };
    const labels = (series: number): Labels => {
      const record: Record<string, string> = {};
      for (const [name, { ids, values }] of this.#columns) record[name] = values[ids[places[series]!]!]!;
      return labelsFrom(record);
    };
    const read = (series: number, mint: number, maxt: number, into: SampleBuffer): void => {
      const t = this.#times[this.#podOf[places[series]!]!]!;
      const from = Math.max(0, Math.ceil((mint - t[0]!) / 15_000));
      const to = Math.min(t.length, Math.floor((maxt - t[0]!) / 15_000) + 1);
      if (to <= from) return;
      into.reserve(to - from);
      into.t.set(from === 0 && to === t.length ? t : t.subarray(from, to), into.length);
      const v = this.#values[places[series]!]!;
      into.v.set(from === 0 && to === t.length ? v : v.subarray(from, to), into.length);
      into.length += to - from;
    };
    return { length: places.length, labels, column, read, warnings: [] };
  }
}

function counterValues(length: number, speed: number, resetAt: number, random: () => number): Float64Array {
  let value = Math.floor(random() * 1000);
  return Float64Array.from({ length }, (_, i) => {
    if (i === resetAt) value = 0;
    value += Math.floor(random() * speed * 2);
    return value;
  });
}

function gaugeValues(length: number, random: () => number): Float64Array {
  return Float64Array.from({ length }, () => Math.round(random() * 1000) / 10);
}

/** Park and Miller's generator: the same numbers in every run. */
function noise(seed: number): () => number {
  let state = (seed * 48_271) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
