import type { Random } from '../random.ts';

/** Bytes that begin, end or overflow a number. */
const strange = [0, 1, 0x7f, 0x80, 0xff];
const mostNoise = 200;

/** Another input made of a sound one: flipped bits, strange bytes, a piece moved, an end cut off; or plain noise. */
export function damaged(sound: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  if (random(10) === 0) return Uint8Array.from({ length: random(mostNoise) }, () => random(256));
  const bytes = new Uint8Array(sound);
  for (let n = random(4); n > 0; n--) bytes[random(bytes.length)]! ^= 1 << random(8);
  for (let n = random(3); n > 0; n--) bytes[random(bytes.length)] = strange[random(strange.length)]!;
  if (random(6) === 0) {
    const from = random(bytes.length);
    bytes.copyWithin(random(bytes.length), from, from + random(40));
  }
  return random(5) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
}
