import type { Labels } from '@paddlewatch/model';

const mayDiffer = /[\ud800-\uffff]/;

/** Order of two texts by their UTF-8 bytes, which differs from JavaScript's where surrogates meet U+E000 … U+FFFF. */
export function byteOrder(a: string, b: string): number {
  if (a === b) return 0;
  if (mayDiffer.test(a) && mayDiffer.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** The order of series in an index: label by label, the shorter set first on a tie. */
export function seriesOrder(a: Labels, b: Labels): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return byteOrder(a[i]!, b[i]!);
  return a.length - b.length;
}
