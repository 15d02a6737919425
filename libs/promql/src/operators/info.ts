import {
  compileMatcher,
  type Labels,
  labelsFrom,
  labelsKey,
  labelsToRecord,
  labelValue,
  metricName,
} from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import type { InfoPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import type { LabelColumn } from '../queryable.ts';
import { braced } from './braced.ts';
import { BuiltLabels } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/** Labels by which a series finds its info series. */
const identifying = ['instance', 'job'];

/** The info series of a plan twice: their values, which must be floats, and the times of their samples. */
export interface InfoSeries {
  readonly values: VectorOperator;
  readonly times: VectorOperator;
}

/** Info series of one metric that identify the same thing, and which of them is the newest at each step. */
interface Candidates {
  readonly newest: Int32Array;
  readonly seconds: Float64Array;
}

interface Enriched {
  readonly series: Labelled;
  readonly rows: readonly Row[];
}

/** info(v, {…}): copies data labels of info metrics to the series they describe, step by step. */
export class Info implements VectorOperator {
  readonly scan = undefined;
  readonly distinctWithoutName = false;
  readonly #plan: InfoPlan;
  readonly #vector: VectorOperator;
  readonly #info: InfoSeries;
  readonly #budget: Budget;
  /** Whether a series without any info series stays. */
  readonly #optional: boolean;
  readonly #wanted: ReadonlySet<string>;
  #enriched: Enriched | undefined;
  #identities: Map<string, Set<string>> | undefined;
  #asked: Uint8Array | undefined;

  constructor(plan: InfoPlan, vector: VectorOperator, info: InfoSeries, budget: Budget) {
    this.#plan = plan;
    this.#vector = vector;
    this.#info = info;
    this.#budget = budget;
    this.#optional = plan.matchers.every((matcher) => compileMatcher(matcher)(''));
    this.#wanted = new Set(plan.matchers.map(({ name }) => name));
  }

  get length(): number {
    return this.#all.rows.length;
  }

  labels(series: number): Labels {
    return this.#all.series.labels(series);
  }

  column(name: string): LabelColumn {
    return this.#all.series.column(name);
  }

  losesName(series: number): boolean {
    return this.#all.series.losesName(series);
  }

  read(series: number, row: Row): void {
    row.copyFrom(this.#all.rows[series]!);
  }

  get #all(): Enriched {
    this.#enriched ??= this.#enrich();
    return this.#enriched;
  }

  #enrich(): Enriched {
    const { count } = this.#plan.grid;
    const candidates = this.#findCandidates();
    const isInfo = this.#isInfoName();
    const sets: Labels[] = [];
    const rows: Row[] = [];
    const doomed: boolean[] = [];
    const places = new Map<string, number>();
    const row = new Row(count);
    for (let i = 0; i < this.#vector.length; i++) {
      this.#budget.check();
      this.#vector.read(i, row);
      if (row.count === 0) continue;
      const base = this.#vector.labels(i);
      const found = isInfo(labelValue(base, metricName)) ? 'itself' : (candidates.get(identity(base)) ?? []);
      const labelsAt = this.#labelling(base, found);
      for (let k = 0; k < count; k++) {
        const labels = row.has[k] === 1 ? labelsAt(k) : undefined;
        if (!labels) continue;
        const key = labelsKey(labels);
        let place = places.get(key);
        if (place === undefined) {
          this.#budget.hold(count);
          place = sets.push(labels) - 1;
          rows.push(new Row(count));
          doomed.push(this.#vector.losesName(i));
          places.set(key, place);
        }
        if (rows[place]!.has[k] === 1)
          throw new QueryError('vector cannot contain metrics with the same labelset');
        const histogram = row.h?.[k];
        if (histogram === undefined) rows[place]!.put(k, row.v[k]!);
        else rows[place]!.putHistogram(k, histogram);
      }
    }
    return { series: new BuiltLabels(sets, false, (i) => doomed[i]!), rows };
  }

  /** The labels of a series at a step, undefined where it must have an info series and has none. */
  #labelling(base: Labels, found: readonly Candidates[] | 'itself'): (step: number) => Labels | undefined {
    if (found === 'itself') return () => base;
    const known = new Map<string, Labels>();
    return (step) => {
      const chosen = found.map(({ newest }) => newest[step]!).filter((series) => series >= 0);
      if (chosen.length === 0) return this.#optional ? base : undefined;
      const key = chosen.join();
      const labels = known.get(key) ?? this.#withData(base, chosen);
      known.set(key, labels);
      return labels;
    };
  }

  #withData(base: Labels, chosen: readonly number[]): Labels {
    const own = labelsToRecord(base);
    const data: Record<string, string> = {};
    for (const series of chosen) {
      for (const [name, value] of Object.entries(labelsToRecord(this.#info.values.labels(series)))) {
        if (name === metricName || (this.#wanted.size > 0 && !this.#wanted.has(name))) continue;
        if (data[name] !== undefined && data[name] !== value)
          throw new QueryError(`conflicting label: ${name}`);
        if (own[name] === undefined) data[name] = value;
      }
    }
    return labelsFrom({ ...own, ...data });
  }

  #isInfoName(): (name: string) => boolean {
    const tests = this.#plan.info.scan.matchers
      .filter(({ name }) => name === metricName)
      .map((matcher) => compileMatcher(matcher));
    return (name) => tests.every((test) => test(name));
  }

  /** By identity: for each info metric its newest series at each step. */
  #findCandidates(): Map<string, Candidates[]> {
    const { count } = this.#plan.grid;
    const found = new Map<string, Map<string, Candidates>>();
    const values = new Row(count);
    const times = new Row(count);
    for (let i = 0; i < this.#info.values.length; i++) {
      if (i % checkEvery === 0) this.#budget.check();
      this.#info.values.read(i, values);
      if (values.count === 0) continue;
      const labels = this.#info.values.labels(i);
      if (values.h && this.#concerns(labels)) throw new QueryError('info sample should be float');
      this.#info.times.read(i, times);
      const key = identity(labels);
      if (key === '') continue;
      const metrics = found.get(key) ?? new Map<string, Candidates>();
      found.set(key, metrics);
      const name = labelValue(labels, metricName);
      const candidates = metrics.get(name) ?? {
        newest: new Int32Array(count).fill(-1),
        seconds: new Float64Array(count),
      };
      metrics.set(name, candidates);
      this.#compete(i, times, candidates);
    }
    return new Map([...found].map(([key, metrics]) => [key, [...metrics.values()]]));
  }

  /** Whether an info series may describe a series asked about, label by label: only then do its faults count. */
  #concerns(labels: Labels): boolean {
    this.#identities ??= this.#identityValues();
    return (
      this.#identities.size > 0 &&
      [...this.#identities].every(([name, values]) => values.has(labelValue(labels, name)))
    );
  }

  /** By identifying label: the values that the series to be described have, as far as any has one. */
  #identityValues(): Map<string, Set<string>> {
    const isInfo = this.#isInfoName();
    const row = new Row(this.#plan.grid.count);
    const values = new Map<string, Set<string>>();
    for (let i = 0; i < this.#vector.length; i++) {
      const labels = this.#vector.labels(i);
      if (isInfo(labelValue(labels, metricName))) continue;
      this.#vector.read(i, row);
      if (row.count === 0) continue;
      for (const name of identifying) {
        const value = labelValue(labels, name);
        if (value !== '') values.set(name, (values.get(name) ?? new Set()).add(value));
      }
    }
    return values;
  }

  /** By step, whether there is a point to be described: where there is none, nobody looks at info series. */
  get #pointsAsked(): Uint8Array {
    this.#asked ??= this.#findPoints();
    return this.#asked;
  }

  #findPoints(): Uint8Array {
    const asked = new Uint8Array(this.#plan.grid.count);
    const row = new Row(asked.length);
    for (let i = 0; i < this.#vector.length; i++) {
      this.#vector.read(i, row);
      for (let k = 0; k < asked.length; k++) asked[k]! |= row.has[k]!;
    }
    return asked;
  }

  #compete(series: number, times: Row, { newest, seconds }: Candidates): void {
    for (let k = 0; k < newest.length; k++) {
      if (times.has[k] === 0) continue;
      const before = newest[k]!;
      if (before >= 0 && seconds[k] === times.v[k]) {
        if (!this.#concerns(this.#info.values.labels(series))) return;
        if (this.#pointsAsked[k] === 0) continue;
        const [old, now] = [before, series].map((i) => braced(this.#info.values.labels(i)));
        const ms = times.v[k]! * 1000;
        throw new QueryError(
          `found duplicate series for info metric: existing ${old} @ ${ms}, new ${now} @ ${ms}`,
        );
      }
      if (before >= 0 && seconds[k]! > times.v[k]!) continue;
      newest[k] = series;
      seconds[k] = times.v[k]!;
    }
  }
}

/** What identifies a target, '' where nothing does. */
function identity(labels: Labels): string {
  const values = identifying.map((name) => labelValue(labels, name));
  return values.every((value) => value === '') ? '' : values.join('\xff');
}
