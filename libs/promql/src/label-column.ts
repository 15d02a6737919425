import type { Labels } from '@paddlewatch/model';
import type { LabelColumn } from './queryable.ts';

/** One label of label sets that lie at hand. */
export function labelColumn(sets: readonly Labels[], name: string): LabelColumn {
  const ids = new Uint32Array(sets.length);
  const values = [''];
  const known = new Map<string, number>([['', 0]]);
  for (let i = 0; i < sets.length; i++) {
    const set = sets[i]!;
    for (let at = 0; at < set.length; at += 2) {
      if (set[at] !== name) continue;
      const value = set[at + 1]!;
      let id = known.get(value);
      if (id === undefined) {
        id = values.push(value) - 1;
        known.set(value, id);
      }
      ids[i] = id;
    }
  }
  return { ids, values };
}
