import type { Job } from './job.ts';

const hour = 3_600_000;
/** Metrics that are asked about, and targets: the questions shall be many rather than long. */
const few = 8;

/** What there is to be asked about. */
export interface Subjects {
  readonly metrics: readonly string[];
  /** Values of the label `instance`. */
  readonly targets: readonly string[];
  /** Time of the newest sample, ms since the epoch. */
  readonly newest: number;
}

/** What people ask of a few series. */
export function lightQuestions({ metrics, targets, newest }: Subjects): Job[] {
  const { instant, range } = until(newest);
  const asked = some(targets);
  return some(metrics).flatMap((name, i): Job[] => {
    const target = asked.length > 0 ? `,instance=${JSON.stringify(asked[i % asked.length])}` : '';
    const selector = `{__name__=${JSON.stringify(name)}${target}}`;
    return [
      instant(selector),
      instant(`sum by (job) (rate(${selector}[5m]))`),
      range(selector),
      instant(`sort_desc(${selector})`),
      range(`topk(1, max by (instance) (${selector}))`),
      range(`absent(${selector}) > 0`),
      valuesOf('instance', newest),
    ];
  });
}

/** What dashboards ask of many. */
export function heavyQuestions({ metrics, targets, newest }: Subjects): Job[] {
  const { instant, range } = until(newest);
  const buckets = metrics.filter((name) => name.endsWith('_bucket'));
  const alternatives = some(targets)
    .map((target) => RegExp.escape(target))
    .join('|');
  return [...some(buckets), ...some(metrics)].flatMap((name) => {
    const selector = `{__name__=${JSON.stringify(name)},instance=~${JSON.stringify(alternatives)}}`;
    const rate = `rate(${selector}[5m])`;
    const ofBuckets = `histogram_quantile(0.95, sum by (le) (${rate}))`;
    return [
      ...(name.endsWith('_bucket') ? [instant(ofBuckets), range(ofBuckets)] : []),
      instant(`sum(${rate})`),
      range(`sum by (instance) (${rate})`),
      instant(rate),
      range(`max_over_time(${selector}[10m])`),
      instant(`topk(5, sum by (instance) (increase(${selector}[1h])))`),
      range(`quantile(0.9, ${selector})`),
      instant(`max_over_time(sum(${rate})[30m:1m])`),
      range(`${rate} / rate(${selector}[5m] offset 10m) or ${selector}`),
      range(`label_replace(${selector}, "host", "$1", "instance", "(.*):.*")`),
      range(`deriv(${selector}[10m])`),
    ];
  });
}

/** The values that a label has in the last hour. */
export function valuesOf(name: string, newest: number): Job {
  return { kind: 'values', name, selectors: [], mint: newest - hour, maxt: newest, limit: 0 };
}

function until(newest: number) {
  return {
    instant: (query: string): Job => ({ kind: 'instant', query, time: newest, limit: 0 }),
    range: (query: string): Job => ({
      ...{ kind: 'range', query, start: newest - hour, end: newest, step: 60_000, limit: 0 },
    }),
  };
}

/** Not only the first of the alphabet. */
function some(names: readonly string[]): string[] {
  const stride = Math.max(1, names.length / few);
  return Array.from({ length: Math.min(names.length, few) }, (_, i) => names[Math.floor(i * stride)]!);
}
