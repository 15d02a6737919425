import { type Labels, labelsKey, metricName, withoutLabels } from '@paddlewatch/model';
import type { LabelColumn } from '../queryable.ts';
import type { Labelled } from './operator.ts';

/** Series put into groups 0 … count−1, numbered in order of first appearance. */
export interface Grouping {
  readonly count: number;
  /** The group of each series. */
  readonly of: Uint32Array;
  /** The first series of each group; none of groups that only others have. */
  readonly first: Uint32Array;
  labels(group: number): Labels;
}

/** Groups by the given labels, from columns alone: no label set is decoded. */
export function groupBy(series: Labelled, names: readonly string[]): Grouping {
  const sorted = [...new Set(names)].sort();
  const columns = sorted.map((name) => series.column(name));
  let of: Uint32Array = new Uint32Array(series.length);
  let count = Math.min(1, series.length);
  for (const column of columns) ({ of, count } = refine(of, count, column));
  const first = firstMembers(of, count);
  return {
    count,
    of,
    first,
    labels(group) {
      const labels: string[] = [];
      for (let i = 0; i < sorted.length; i++) {
        const { ids, values } = columns[i]!;
        const value = values[ids[first[group]!]!]!;
        if (value !== '') labels.push(sorted[i]!, value);
      }
      return labels;
    },
  };
}

/** Groups by all labels but the given ones and the metric name. */
export function groupWithout(series: Labelled, names: readonly string[]): Grouping {
  const removed = new Set([...names, metricName]);
  const of = new Uint32Array(series.length);
  const sets: Labels[] = [];
  const known = new Map<string, number>();
  for (let i = 0; i < series.length; i++) {
    const labels = withoutLabels(series.labels(i), removed);
    const key = labelsKey(labels);
    let group = known.get(key);
    if (group === undefined) {
      group = sets.push(labels) - 1;
      known.set(key, group);
    }
    of[i] = group;
  }
  return { count: sets.length, of, first: firstMembers(of, sets.length), labels: (group) => sets[group]! };
}

/** The same groups and, behind them, those of `others` that are new. `places[i]` is the group with the labels `others[i]`. */
export function joinGroups(
  grouping: Grouping,
  others: readonly Labels[],
): { grouping: Grouping; places: Uint32Array } {
  const sets = Array.from({ length: grouping.count }, (_, group) => grouping.labels(group));
  const known = new Map(sets.map((labels, group) => [labelsKey(labels), group]));
  const places = Uint32Array.from(others, (labels) => {
    const key = labelsKey(labels);
    const place = known.get(key) ?? sets.push(labels) - 1;
    known.set(key, place);
    return place;
  });
  return { grouping: { ...grouping, count: sets.length, labels: (group) => sets[group]! }, places };
}

/** Above this many combinations a map is smaller than a table. */
const largestTable = 1 << 20;

/** Splits groups by one more label. */
function refine(
  of: Uint32Array,
  groups: number,
  { ids, values }: LabelColumn,
): { of: Uint32Array; count: number } {
  const refined = new Uint32Array(of.length);
  const width = values.length;
  const combinations = groups * width;
  let count = 0;
  if (combinations <= largestTable) {
    // Numbers are shifted by one, so that 0 says «not seen».
    const table = new Uint32Array(combinations);
    for (let i = 0; i < of.length; i++) {
      const key = of[i]! * width + ids[i]!;
      if (table[key] === 0) table[key] = ++count;
      refined[i] = table[key]! - 1;
    }
  } else {
    const known = new Map<number, number>();
    for (let i = 0; i < of.length; i++) {
      const key = of[i]! * width + ids[i]!;
      const group = known.get(key) ?? count++;
      known.set(key, group);
      refined[i] = group;
    }
  }
  return { of: refined, count };
}

function firstMembers(of: Uint32Array, count: number): Uint32Array {
  const first = new Uint32Array(count);
  let seen = 0;
  for (let i = 0; seen < count; i++) if (of[i] === seen) first[seen++] = i;
  return first;
}

/** The members of each group, in order. */
export function members(grouping: Grouping): number[][] {
  const lists: number[][] = Array.from({ length: grouping.count }, () => []);
  for (let i = 0; i < grouping.of.length; i++) lists[grouping.of[i]!]!.push(i);
  return lists;
}
