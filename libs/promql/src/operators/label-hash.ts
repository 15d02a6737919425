import type { Labels } from '@paddlewatch/model';

/**
 * The hash of a label set as a fraction of the largest one, equal to Prometheus': XXH64 with seed 0 over each
 * string preceded by its length (one byte; from 255 on, 255 and three bytes). Not for hot loops: 64-bit integers.
 */
export function hashFraction(labels: Labels): number {
  return Number(xxHash64(encoded(labels))) / Number(mask);
}

function encoded(labels: Labels): Buffer {
  const parts: Buffer[] = [];
  for (const text of labels) {
    const bytes = Buffer.from(text);
    const { length } = bytes;
    parts.push(Buffer.from(length < 255 ? [length] : [255, length & 255, (length >> 8) & 255, length >> 16]));
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

const mask = 0xffff_ffff_ffff_ffffn;
const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

/** XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
export function xxHash64(bytes: Buffer): bigint {
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    const lanes = [wrap(prime1 + prime2), prime2, 0n, wrap(-prime1)];
    for (; at + 32 <= bytes.length; at += 32)
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane]!, bytes.readBigUInt64LE(at + 8 * lane));
    const [a, b, c, d] = lanes as [bigint, bigint, bigint, bigint];
    hash = wrap(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * prime1 + prime4);
  } else hash = prime5;
  hash = wrap(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8)
    hash = wrap(rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * prime1 + prime4);
  if (at + 4 <= bytes.length) {
    hash = wrap(rotate(hash ^ wrap(BigInt(bytes.readUInt32LE(at)) * prime1), 23n) * prime2 + prime3);
    at += 4;
  }
  for (; at < bytes.length; at++) hash = wrap(rotate(hash ^ wrap(BigInt(bytes[at]!) * prime5), 11n) * prime1);
  hash = wrap((hash ^ (hash >> 33n)) * prime2);
  hash = wrap((hash ^ (hash >> 29n)) * prime3);
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, input: bigint): bigint {
  return wrap(rotate(wrap(lane + input * prime2), 31n) * prime1);
}

function rotate(value: bigint, by: bigint): bigint {
  return wrap((value << by) | (wrap(value) >> (64n - by)));
}

function wrap(value: bigint): bigint {
  return value & mask;
}
