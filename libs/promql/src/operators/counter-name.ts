import { metricName, quoteString } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import type { WindowPlan } from '../plan/plan.ts';
import type { SampleSource } from './operator.ts';
import type { Row } from './row.ts';

const counterFunctions = new Set(['rate', 'increase']);
const counterName = /_(total|sum|count|bucket)$/;

/** Remarks where a counter function gives floats of what is not named like a counter. */
export class CounterNames {
  readonly #source: SampleSource;
  readonly #plan: WindowPlan;
  readonly #annotations: Annotations;
  /** By id of the metric name: 1 where it is not that of a counter and nothing was said of it yet. */
  readonly #suspects: Uint8Array | undefined;

  constructor(plan: WindowPlan, source: SampleSource, annotations: Annotations) {
    this.#source = source;
    this.#plan = plan;
    this.#annotations = annotations;
    this.#suspects = suspects(plan.func, source);
  }

  /** `row` is what the function gives of the series. */
  judge(series: number, row: Row): void {
    if (!this.#suspects || !hasFloats(row)) return;
    const { ids, values } = this.#source.column(metricName);
    const id = ids[series]!;
    if (this.#suspects[id] === 0) return;
    this.#suspects[id] = 0;
    const text = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ';
    this.#annotations.info(text + quoteString(values[id]!), this.#plan.over);
  }
}

function suspects(func: string, source: SampleSource): Uint8Array | undefined {
  if (!counterFunctions.has(func)) return undefined;
  const { values } = source.column(metricName);
  const marks = Uint8Array.from(values, (name) => (name === '' || counterName.test(name) ? 0 : 1));
  return marks.includes(1) ? marks : undefined;
}

function hasFloats({ count, h, has }: Row): boolean {
  return count > 0 && (!h || has.some((there, k) => there === 1 && h[k] === undefined));
}
