import { randomBytes } from 'node:crypto';
import type { SeriesSet } from './source.ts';

/** Drawn anew in every thread, so that nobody can make two label sets that fall together. */
const [lowSeed = 0, highSeed = 0] = new Uint32Array(new Uint8Array(randomBytes(8)).buffer);

/** The 64 bits of a text or of a label set; two halves because JavaScript multiplies 32 bits. */
export interface Hash {
  low: number;
  high: number;
}

/** Hashes of all series of a set. Equal label sets have equal hashes, whatever set they are in. */
export interface SeriesHashes {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export function hashText(text: string, into: Hash): void {
  let low = lowSeed;
  let high = highSeed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) + low;
  }
  into.low = mix(low);
  into.high = mix(high);
}

export function startHash(into: Hash): void {
  into.low = lowSeed;
  into.high = highSeed;
}

/** Takes in the next name or value of a label set, by its own hash. */
export function addHash(into: Hash, low: number, high: number): void {
  into.low = mix(Math.imul(into.low, 31) ^ low);
  into.high = mix(Math.imul(into.high, 31) ^ high) + into.low;
}

/** For sets that cannot do it from their symbols. */
export function hashSeries(set: SeriesSet): SeriesHashes {
  if (set.hashes) return set.hashes();
  const low = new Int32Array(set.length);
  const high = new Int32Array(set.length);
  const series = { low: 0, high: 0 };
  const text = { low: 0, high: 0 };
  for (let i = 0; i < set.length; i++) {
    startHash(series);
    for (const part of set.labels(i)) {
      hashText(part, text);
      addHash(series, text.low, text.high);
    }
    low[i] = series.low;
    high[i] = series.high;
  }
  return { low, high };
}

/** The finisher of MurmurHash3, by Austin Appleby, public domain. */
function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
