import { parseArgs } from 'node:util';
import { type Labels, labelsFrom, labelValue, parseValue } from '@paddlewatch/model';
import { createEngine, MemoryStorage } from '../src/index.ts';
import { type Answer, answerOf, answerOfJson, difference } from './answer.ts';
import { type Ask, timesOf } from './ask.ts';

/**
 * Whose formula is it? Recomputes the queries of the benchmark in which Prometheus 2.42 and we differ from the raw
 * samples, with nothing of the engine, and says which formula gives which answer to nine digits.
 *   node libs/promql/fuzz/extrapolation.ts --url http://127.0.0.1:9090 --start 1767225900 --end 1767232740
 */

interface Series {
  readonly labels: Labels;
  readonly t: readonly number[];
  readonly v: readonly number[];
}

/** What a change is before it is stretched to the edges of its window. */
interface Formula {
  /** A sample exactly at the far edge belongs to the window. */
  readonly closed: boolean;
  /** The limit at zero applies before a gap is cut to half an interval. */
  readonly zeroFirst: boolean;
}

const formulas = {
  'Prometheus 2.42': { closed: true, zeroFirst: true },
  'Prometheus 3': { closed: false, zeroFirst: false },
} as const satisfies Record<string, Formula>;

/** The increase of a counter over (end − range, end]; undefined for less than two samples. Times in ms. */
function increase({ t, v }: Series, range: number, end: number, formula: Formula): number | undefined {
  const begin = end - range;
  const first = t.findIndex((time) => (formula.closed ? time >= begin : time > begin));
  const last = t.findLastIndex((time) => time <= end);
  if (first < 0 || last <= first) return undefined;
  let change = v[last]! - v[first]!;
  for (let i = first + 1; i <= last; i++) if (v[i]! < v[i - 1]!) change += v[i - 1]!;
  const covered = (t[last]! - t[first]!) / 1000;
  const interval = covered / (last - first);
  const cut = (gap: number) => (gap < interval * 1.1 ? gap : interval / 2);
  const toZero = change > 0 && v[first]! >= 0 ? covered * (v[first]! / change) : Infinity;
  const gap = (t[first]! - begin) / 1000;
  const before = formula.zeroFirst ? cut(Math.min(gap, toZero)) : Math.min(cut(gap), toZero);
  return (change * (covered + before + cut((end - t[last]!) / 1000))) / covered;
}

type ByLabel = ReadonlyMap<string, number>;

/** The counters at one time, by one formula. */
class Counters {
  readonly #series: readonly Series[];
  readonly #time: number;
  readonly #formula: Formula;

  constructor(series: readonly Series[], time: number, formula: Formula) {
    this.#series = series;
    this.#time = time;
    this.#formula = formula;
  }

  /** `sum by (label) (increase(…[range] offset …))`, of those with the status where one is given. */
  sumBy(
    label: string,
    range: number,
    { status, offset = 0 }: { status?: string; offset?: number } = {},
  ): ByLabel {
    const sums = new Map<string, number>();
    for (const series of this.#series) {
      if (status !== undefined && labelValue(series.labels, 'status') !== status) continue;
      const change = increase(series, range, this.#time - offset, this.#formula);
      const key = labelValue(series.labels, label);
      if (change !== undefined) sums.set(key, (sums.get(key) ?? 0) + change);
    }
    return sums;
  }
}

const minute = 60_000;
const hour = 60 * minute;

interface Case {
  readonly query: string;
  /** Steps of a range query; an instant query where there are none. */
  readonly step?: number;
  /** The label that the result is grouped by. */
  readonly label: string;
  readonly compute: (counters: Counters) => ByLabel;
}

function cases(name: string): readonly Case[] {
  const errors = `${name}{status="500"}`;
  const ratio = (window: string) =>
    `sum by (model) (rate(${errors}[${window}])) / sum by (model) (rate(${name}[${window}])) > 0.005`;
  const burning = (counters: Counters, range: number) =>
    filter(
      divide(counters.sumBy('model', range, { status: '500' }), counters.sumBy('model', range)),
      (share) => share > 0.005,
    );
  return [
    {
      query: `sum by (version) (rate(${name}[5m])) / sum by (version) (rate(${name}[5m] offset 20m))`,
      step: minute,
      label: 'version',
      compute: (counters) =>
        divide(
          counters.sumBy('version', 5 * minute),
          counters.sumBy('version', 5 * minute, { offset: 20 * minute }),
        ),
    },
    {
      query: `sum by (model) (increase(${name}[1h]))`,
      label: 'model',
      compute: (counters) => counters.sumBy('model', hour),
    },
    {
      query: `(${ratio('1h')}) and (${ratio('5m')})`,
      label: 'model',
      compute: (counters) => {
        const now = burning(counters, 5 * minute);
        return filter(burning(counters, hour), (_, key) => now.has(key));
      },
    },
  ];
}

function divide(a: ByLabel, b: ByLabel): ByLabel {
  const quotients = new Map<string, number>();
  for (const [key, value] of a) if (b.has(key)) quotients.set(key, value / b.get(key)!);
  return quotients;
}

function filter(values: ByLabel, keep: (value: number, key: string) => boolean): ByLabel {
  return new Map([...values].filter(([key, value]) => keep(value, key)));
}

/** What a formula says to a case, in the shape of an answer. */
function recompute({ compute, label }: Case, ask: Ask, series: readonly Series[], formula: Formula): Answer {
  const rows = new Map<string, { key: string; t: number[]; v: number[]; histograms: [] }>();
  for (const t of timesOf(ask))
    for (const [value, result] of compute(new Counters(series, t, formula))) {
      const row = rows.get(value) ?? {
        key: `{${label}=${JSON.stringify(value)}}`,
        t: [],
        v: [],
        histograms: [],
      };
      rows.set(value, row);
      row.t.push(t);
      row.v.push(result);
    }
  const sorted = [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { type: ask.kind === 'instant' ? 'vector' : 'matrix', rows: sorted, remarks: [] };
}

class Peer {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(ask: Ask): Promise<Answer> {
    return answerOfJson(await this.#json(ask));
  }

  /** All samples of a metric in the hours before a time. */
  async samples(name: string, time: number, hours: number): Promise<Series[]> {
    const json = await this.#json({ kind: 'instant', query: `${name}[${hours}h]`, time });
    const { data } = json as {
      data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    return data.result.map(({ metric, values }) => ({
      labels: labelsFrom(metric),
      t: values.map(([t]) => Math.round(t * 1000)),
      v: values.map(([, text]) => parseValue(text)!),
    }));
  }

  async #json(ask: Ask): Promise<unknown> {
    const body = new URLSearchParams({ query: ask.query });
    const { kind, query: _, ...times } = ask;
    for (const [name, ms] of Object.entries(times)) body.set(name, String(ms / 1000));
    const path = kind === 'instant' ? 'query' : 'query_range';
    return (await fetch(`${this.#url}/api/v1/${path}`, { method: 'POST', body })).json();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:9090' },
      metric: { type: 'string', default: 'paddle_requests_total' },
      start: { type: 'string' },
      end: { type: 'string' },
    },
  });
  const [start, end] = [Number(values.start) * 1000, Number(values.end) * 1000];
  const peer = new Peer(values.url);
  const series = await peer.samples(values.metric, end, 3);
  const storage = new MemoryStorage();
  for (const { labels, t, v } of series) {
    const samples = storage.series(labels);
    for (let i = 0; i < t.length; i++) samples.push(t[i]!, v[i]!);
  }
  const engine = createEngine();
  console.log(`${series.length} series, ${series.reduce((sum, { t }) => sum + t.length, 0)} samples`);
  for (const each of cases(values.metric)) {
    const { query, step } = each;
    const ask: Ask = step
      ? { kind: 'range', query, start, end, step }
      : { kind: 'instant', query, time: end };
    const result = ask.kind === 'instant' ? engine.instant(ask, storage) : engine.range(ask, storage);
    const ours = answerOf(await result);
    const theirs = await peer.ask(ask);
    const how = { ordered: false, tolerance: 1e-9, words: false };
    const verdict = (answer: Answer, formula: Formula) =>
      difference(answer, recompute(each, ask, series, formula), how) ?? 'the same';
    console.log(query);
    console.log(`    we and Prometheus next door: ${difference(ours, theirs, how) ?? 'the same'}`);
    for (const [name, formula] of Object.entries(formulas)) {
      console.log(`    the formula of ${name} and we: ${verdict(ours, formula)}`);
      console.log(`    the formula of ${name} and Prometheus next door: ${verdict(theirs, formula)}`);
    }
  }
}

await main();
