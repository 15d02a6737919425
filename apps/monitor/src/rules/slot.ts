/**
 * Where in its interval a group is evaluated: spread by a hash of file and name, so that groups do not all start at once,
 * and the same after every restart, so that series keep their rhythm. Milliseconds, 0 ≤ offset < interval.
 */
export function slotOffset(file: string, name: string, interval: number): number {
  return Number(fnv1a(`${file}\xff${name}`) % BigInt(interval));
}

/** The first slot at or after a time. */
export function nextSlot(time: number, interval: number, offset: number): number {
  return Math.ceil((time - offset) / interval) * interval + offset;
}

/** FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash;
}
