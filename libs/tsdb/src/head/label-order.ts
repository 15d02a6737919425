import { byteOrder } from '../bytes/byte-order.ts';
import type { SeriesIndex } from './series-index.ts';

/**
 * 0 … places.length − 1 in the order of the label sets at these places: label by label, the shorter set first on a tie.
 * Label sets are numbers here, so this sorts by the last label first and by the first label last, without comparing.
 */
export function inLabelOrder(index: SeriesIndex, places: Uint32Array): Uint32Array {
  const ranks = labelRanks(index);
  let order = Uint32Array.from(places.keys());
  let width = 0;
  for (const at of places) width = Math.max(width, index.labelCount(at));
  const keys = new Uint32Array(places.length);
  for (let nth = width - 1; nth >= 0; nth--) {
    for (let i = 0; i < keys.length; i++) keys[i] = ranks[index.nthLabel(places[i]!, nth)]!;
    order = sortedBy(keys, order, ranks.length);
  }
  return order;
}

/** By the text id of its value, where a label stands among all labels in order of name and value; from 1. */
function labelRanks(index: SeriesIndex): Uint32Array {
  const names = index.names.toSorted((a, b) => byteOrder(a.name, b.name));
  const newest = names.reduce(
    (most, { values }) => values.reduce((id, other) => Math.max(id, other), most),
    0,
  );
  const ranks = new Uint32Array(newest + 1);
  let rank = 1;
  for (const { values } of names) {
    const texts = values.map((id) => ({ id, text: index.text(id) }));
    for (const { id } of texts.sort((a, b) => byteOrder(a.text, b.text))) ranks[id] = rank++;
  }
  return ranks;
}

/** `order` by rising keys, which are at most `most`; what has equal keys stays as it was (counting sort). */
function sortedBy(keys: Uint32Array, order: Uint32Array, most: number): Uint32Array<ArrayBuffer> {
  const ends = new Uint32Array(most + 2);
  for (const key of keys) ends[key + 1]!++;
  for (let key = 1; key < ends.length; key++) ends[key]! += ends[key - 1]!;
  const sorted = new Uint32Array(order.length);
  for (const i of order) sorted[ends[keys[i]!]!++] = i;
  return sorted;
}
