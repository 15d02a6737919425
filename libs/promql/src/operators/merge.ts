import { type Labels, labelsKey } from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import { QueryError } from '../query-error.ts';
import { BuiltLabels, SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import { Row } from './row.ts';

/**
 * Series that came to bear the same labels (their metric names are gone, or labels were rewritten) are one series,
 * as long as no step has two values.
 */
export function mergeEqual(vector: VectorOperator, steps: number, budget: Budget): VectorOperator {
  const places = new Map<string, number>();
  const sets: Labels[] = [];
  const parts: number[][] = [];
  for (let i = 0; i < vector.length; i++) {
    const labels = vector.labels(i);
    const key = labelsKey(labels);
    const place = places.get(key);
    if (place === undefined) {
      places.set(key, sets.push(labels) - 1);
      parts.push([i]);
    } else parts[place]!.push(i);
  }
  return sets.length === vector.length ? vector : new Merged(vector, sets, parts, steps, budget);
}

class Merged extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #parts: readonly (readonly number[])[];
  readonly #row: Row;

  constructor(
    vector: VectorOperator,
    sets: readonly Labels[],
    parts: readonly (readonly number[])[],
    steps: number,
    budget: Budget,
  ) {
    super(new BuiltLabels(sets, vector.distinctWithoutName, (i) => vector.losesName(parts[i]![0]!)));
    this.#vector = vector;
    this.#parts = parts;
    this.#row = new Row(steps);
    // At once: whoever works on the result may never read these series, and a fault in them counts all the same.
    const row = new Row(steps);
    for (let i = 0; i < parts.length; i++) {
      if (i % checkEvery === 0) budget.check();
      if (parts[i]!.length > 1) this.read(i, row);
    }
  }

  read(series: number, row: Row): void {
    const [first, ...others] = this.#parts[series]!;
    this.#vector.read(first!, row);
    for (const other of others) {
      this.#vector.read(other, this.#row);
      addRow(row, this.#row);
    }
  }
}

/** Puts what `other` has into the free steps of `row`. @throws QueryError where both have something. */
function addRow(row: Row, other: Row): void {
  for (let k = 0; k < row.v.length; k++) {
    if (other.has[k] === 0) continue;
    if (row.has[k] === 1) throw new QueryError('vector cannot contain metrics with the same labelset');
    const histogram = other.h?.[k];
    if (histogram === undefined) row.put(k, other.v[k]!);
    else row.putHistogram(k, histogram);
  }
}
