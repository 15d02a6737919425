import { goFloat } from '@paddlewatch/model';

/** Cumulative counts that fell where bounds rose, in one histogram or in several. */
export interface Fall {
  /** The lowest and the highest bound at which a count was too low. */
  readonly lowest: number;
  readonly highest: number;
  /** By how much at most. */
  readonly most: number;
  /** Histograms, and the first and the last time of one, ms. */
  readonly histograms: number;
  readonly first: number;
  readonly last: number;
}

export function joinFalls(a: Fall, b: Fall): Fall {
  return {
    lowest: Math.min(a.lowest, b.lowest),
    highest: Math.max(a.highest, b.highest),
    most: Math.max(a.most, b.most),
    histograms: a.histograms + b.histograms,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  };
}

/** In Prometheus' words: `from buckets 1 to 100, with a max diff of 5, over 2 samples from …Z to …Z`. */
export function describeFall({ lowest, highest, most, histograms, first, last }: Fall): string {
  const buckets = `from buckets ${goFloat(lowest)} to ${goFloat(highest)}, with a max diff of ${twoDigits(most)}`;
  return `${buckets}, over ${histograms} samples from ${second(first)} to ${second(last)}`;
}

/** Whole seconds, as RFC 3339 writes them. */
function second(ms: number): string {
  return new Date(Math.trunc(ms / 1000) * 1000).toISOString().replace('.000', '');
}

/** Go's `%.2g`. */
function twoDigits(value: number): string {
  const [digits, exponent] = value.toExponential(1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 2) return String(Number(value.toPrecision(2)));
  return `${digits.replace('.0', '')}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
