import type { Labels } from '@paddlewatch/model';
import type { VectorMatching } from '../ast.ts';
import type { LabelColumn } from '../queryable.ts';
import { groupBy, groupWithout } from './grouping.ts';
import type { Labelled } from './operator.ts';

/** Which series of two vectors belong together: those with the same number fit by `on` or `ignoring`. */
export interface Match {
  readonly groups: number;
  readonly left: Uint32Array;
  readonly right: Uint32Array;
}

export function matchSeries(left: Labelled, right: Labelled, matching: VectorMatching): Match {
  const both = new Joined(left, right);
  const grouping = matching.on ? groupBy(both, matching.labels) : groupWithout(both, matching.labels);
  return {
    groups: grouping.count,
    left: grouping.of.subarray(0, left.length),
    right: grouping.of.subarray(left.length),
  };
}

/** Two vectors one behind the other. */
export class Joined implements Labelled {
  readonly scan = undefined;
  readonly length: number;
  readonly distinctWithoutName = false;
  readonly #left: Labelled;
  readonly #right: Labelled;

  constructor(left: Labelled, right: Labelled) {
    this.#left = left;
    this.#right = right;
    this.length = left.length + right.length;
  }

  labels(series: number): Labels {
    const { length } = this.#left;
    return series < length ? this.#left.labels(series) : this.#right.labels(series - length);
  }

  losesName(series: number): boolean {
    const { length } = this.#left;
    return series < length ? this.#left.losesName(series) : this.#right.losesName(series - length);
  }

  column(name: string): LabelColumn {
    const left = this.#left.column(name);
    const right = this.#right.column(name);
    const values = [...left.values];
    const known = new Map(values.map((value, id) => [value, id]));
    const ofRight = Uint32Array.from(right.values, (value) => known.get(value) ?? values.push(value) - 1);
    const ids = new Uint32Array(this.length);
    ids.set(left.ids.subarray(0, this.#left.length));
    for (let i = 0; i < this.#right.length; i++) ids[this.#left.length + i] = ofRight[right.ids[i]!]!;
    return { ids, values };
  }
}

/** The series of each group. */
export function seriesByGroup(of: Uint32Array, groups: number): number[][] {
  const lists: number[][] = Array.from({ length: groups }, () => []);
  for (let i = 0; i < of.length; i++) lists[of[i]!]!.push(i);
  return lists;
}
