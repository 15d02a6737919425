import { type Frame, latest, type Series } from '../../api/frame.ts';

type Values = (number | null)[];

/** Requests per second of each version, and of all. */
export function trafficByVersion(byStatus: Frame): Map<string, Values> {
  return sumBy(byStatus.series, (labels) => labels['version'] ?? '');
}

export function totalTraffic(byStatus: Frame): Values {
  return sumBy(byStatus.series, () => '').get('') ?? [];
}

/** Share of 5xx among all answers, 0 to 1, of each version; no value where there was no traffic. */
export function errorsByVersion(byStatus: Frame): Map<string, Values> {
  const all = trafficByVersion(byStatus);
  const failed = trafficByVersion({ ...byStatus, series: byStatus.series.filter(isFailure) });
  return new Map([...all].map(([version, total]) => [version, ratio(failed.get(version), total)]));
}

export function totalErrors(byStatus: Frame): { share: Values; rate: Values } {
  const total = totalTraffic(byStatus);
  const failed = sumBy(byStatus.series.filter(isFailure), () => '').get('');
  return { share: ratio(failed, total), rate: failed ?? total.map((value) => (value === null ? null : 0)) };
}

/** Values of a frame's series by version; where two series have one version (never, by our queries), the last one. */
export function byVersion(frame: Frame): Map<string, Values> {
  return new Map(frame.series.map(({ labels, values }) => [labels['version'] ?? '', values]));
}

export function totalOf(frame: Frame): Values {
  return sumBy(frame.series, () => '').get('') ?? [];
}

/** How `value` differs from `base`, as a share of it; undefined where one is missing or the base is 0. */
export function difference(value: number | null, base: number | null): number | undefined {
  return value === null || base === null || base === 0 ? undefined : value / base - 1;
}

/** The version's share of all traffic at the newest time. */
export function shareOf(version: string, traffic: Map<string, Values>): number | null {
  const total = [...traffic.values()].reduce((sum, values) => sum + (latest(values) ?? 0), 0);
  return total === 0 ? null : (latest(traffic.get(version) ?? []) ?? 0) / total;
}

function isFailure({ labels }: Series): boolean {
  return /^5/.test(labels['status'] ?? '');
}

function ratio(part: Values | undefined, whole: Values): Values {
  return whole.map((total, i) => (total === null || total === 0 ? null : (part?.[i] ?? 0) / total));
}

/** Sums series of one key; a time at which none of them has a value stays without one. */
function sumBy(series: readonly Series[], keyOf: (labels: Series['labels']) => string): Map<string, Values> {
  const sums = new Map<string, Values>();
  for (const { labels, values } of series) {
    const key = keyOf(labels);
    const sum = sums.get(key);
    if (!sum) {
      sums.set(key, [...values]);
      continue;
    }
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== null) sum[i] = (sum[i] ?? 0) + values[i]!;
    }
  }
  return sums;
}
