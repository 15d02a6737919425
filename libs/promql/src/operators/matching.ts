import type { Labels } from '@paddlewatch/model';
import type { VectorMatching } from '../ast.ts';
import type { LabelColumn } from '../queryable.ts';
import { type Grouping, groupBy, groupWithout } from './grouping.ts';
import type { Labelled } from './operator.ts';

/** Which series of two vectors belong together: those with the same number fit by `on` or `ignoring`. */
export interface Match {
  readonly groups: number;
  readonly left: Uint32Array;
  readonly right: Uint32Array;
}

export function matchSeries(left: Labelled, right: Labelled, matching: VectorMatching): Match {
  const grouping = groupSeries(new Joined([left, right]), matching);
  return {
    groups: grouping.count,
    left: grouping.of.subarray(0, left.length),
    right: grouping.of.subarray(left.length),
  };
}

/** Puts series that fit by `on` or `ignoring` into one group. */
export function groupSeries(series: Labelled, matching: VectorMatching): Grouping {
  return matching.on ? groupBy(series, matching.labels) : groupWithout(series, matching.labels);
}

/** Vectors one behind the other. */
export class Joined implements Labelled {
  readonly scan = undefined;
  readonly length: number;
  readonly distinctWithoutName = false;
  readonly #parts: readonly Labelled[];
  readonly #starts: readonly number[];
  /** The part of each series. */
  readonly #of: Uint32Array;

  constructor(parts: readonly Labelled[]) {
    const starts: number[] = [];
    let length = 0;
    for (const part of parts) {
      starts.push(length);
      length += part.length;
    }
    this.#parts = parts;
    this.#starts = starts;
    this.#of = new Uint32Array(length);
    for (let i = 1; i < parts.length; i++) this.#of.fill(i, starts[i], starts[i + 1]);
    this.length = length;
  }

  partOf(series: number): number {
    return this.#of[series]!;
  }

  /** The place that a series has in its part. */
  placeOf(series: number): number {
    return series - this.#starts[this.#of[series]!]!;
  }

  labels(series: number): Labels {
    return this.#parts[this.partOf(series)]!.labels(this.placeOf(series));
  }

  losesName(series: number): boolean {
    return this.#parts[this.partOf(series)]!.losesName(this.placeOf(series));
  }

  column(name: string): LabelColumn {
    const ids = new Uint32Array(this.length);
    const values = [''];
    const known = new Map([['', 0]]);
    for (const [i, part] of this.#parts.entries()) {
      const column = part.column(name);
      const translated = Uint32Array.from(column.values, (value) => {
        const id = known.get(value) ?? values.push(value) - 1;
        known.set(value, id);
        return id;
      });
      for (let place = 0; place < part.length; place++)
        ids[this.#starts[i]! + place] = translated[column.ids[place]!]!;
    }
    return { ids, values };
  }
}

/** The series of each group. */
export function seriesByGroup(of: Uint32Array, groups: number): number[][] {
  const lists: number[][] = Array.from({ length: groups }, () => []);
  for (let i = 0; i < of.length; i++) lists[of[i]!]!.push(i);
  return lists;
}
