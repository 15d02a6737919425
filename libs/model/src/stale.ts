/**
 * The staleness marker is the NaN 0x7ff0000000000002. JavaScript may rewrite the payload of a NaN that passes
 * through a number, so markers travel as bits: written and tested through a 32-bit view of the same buffer.
 */
export const staleHigh = 0x7ff00000;
export const staleLow = 0x00000002;
export const staleBits = 0x7ff0000000000002n;

/** Writes the marker into element `i` of the array whose memory `words` views (little-endian hosts). */
export function writeStale(words: Uint32Array, i: number): void {
  words[2 * i] = staleLow;
  words[2 * i + 1] = staleHigh;
}

/** Whether element `i` is the marker. Ask only where the value is NaN: this is the slow path. */
export function isStale(words: Uint32Array, i: number): boolean {
  return words[2 * i] === staleLow && words[2 * i + 1] === staleHigh;
}
