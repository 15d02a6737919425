import { randomBytes } from 'node:crypto';

/** Crockford's base 32. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A name for a block: 48 bits of milliseconds, 80 random bits (github.com/ulid/spec). */
export function newUlid(now: number, random: Uint8Array = randomBytes(16)): string {
  let time = '';
  for (let i = 0, rest = now; i < 10; i++, rest = Math.floor(rest / 32)) time = digits[rest % 32] + time;
  let noise = '';
  for (let i = 0; i < 16; i++) noise += digits[random[i]! % 32];
  return time + noise;
}

export function isUlid(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}
