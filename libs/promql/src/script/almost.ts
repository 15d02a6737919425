/** Relative error that a float may have in a script. */
const tolerance = 1e-6;
const smallestNormal = 2.2250738585072014e-308;

/** Whether two floats are equal but for rounding. NaN equals NaN. */
export function almostEqual(a: number, b: number): boolean {
  if (a === b || (a !== a && b !== b)) return true;
  const size = Math.abs(a) + Math.abs(b);
  const distance = Math.abs(a - b);
  if (a === 0 || b === 0 || size < smallestNormal) return distance < tolerance * smallestNormal;
  return distance / Math.min(size, Number.MAX_VALUE) < tolerance;
}
