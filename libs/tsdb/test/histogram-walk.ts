import { bucketsFrom, customSchema, type FloatHistogram, histogramOf } from '@paddlewatch/model';

/** What a walk looks like: whole counts as scraped, halves as rules make them; a gauge also falls. */
export interface Walk {
  readonly kind: 'whole' | 'float' | 'custom' | 'gauge';
  readonly seed: number;
}

const bounds = [0.005, 0.1, 1, 2.5, 1 / 3 + 5];

/** Histograms of one series, one after the other: buckets come, counters are reset, schemas change now and then. */
export function* histogramWalk({ kind, seed }: Walk): Generator<FloatHistogram> {
  const random = randomFrom(seed);
  const unit = kind === 'float' ? 0.25 : 1;
  let schema = 3;
  let counts = new Map<number, number>();
  for (let step = 1; ; step++) {
    if (random() < 0.02) counts = new Map();
    if (random() < 0.02) schema = schema === 3 ? 2 : 3;
    const at =
      kind === 'custom' ? Math.floor(random() * (bounds.length + 1)) : Math.floor(random() * 30) - 10;
    const change = Math.floor(1 + random() * 5) * (kind === 'gauge' && random() < 0.4 ? -1 : 1);
    counts.set(at, Math.max(0, (counts.get(at) ?? 0) + unit * change));
    const zeroCount = kind === 'custom' ? 0 : unit * counts.size;
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const positive = sideOf(counts, (index) => index >= 0);
    const negative = sideOf(counts, (index) => index < 0);
    const common = { count: total + zeroCount, sum: Math.sin(step) * total, positive, negative, zeroCount };
    if (kind === 'custom') yield histogramOf({ ...common, schema: customSchema, customBounds: bounds });
    else
      yield histogramOf({
        ...common,
        schema,
        zeroThreshold: 2 ** -128,
        hint: kind === 'gauge' ? 'gauge' : 'unknown',
      });
  }
}

function sideOf(counts: ReadonlyMap<number, number>, fits: (index: number) => boolean) {
  const indexes = [...counts.keys()]
    .filter(fits)
    .map(Math.abs)
    .sort((a, b) => a - b);
  if (indexes.length === 0) return bucketsFrom(0, []);
  const sign = [...counts.keys()].filter(fits)[0]! < 0 ? -1 : 1;
  return {
    index: Int32Array.from(indexes),
    count: Float64Array.from(indexes, (index) => counts.get(sign * index)!),
  };
}

/** Numbers from 0 to 1, the same for a seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
