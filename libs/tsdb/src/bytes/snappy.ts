/**
 * Snappy's block format: uvarint of the plain length, then literals and copies
 * (github.com/google/snappy, format_description.txt).
 */

const hashBits = 12;
const table = new Int32Array(1 << hashBits);
/** A literal of up to 60 bytes costs one byte of tag, a copy of 4 to 11 bytes near by costs two. */
const shortestCopy = 4;

/** The most bytes that `plainLength` bytes can become. */
export function snappyBound(plainLength: number): number {
  return 32 + plainLength + Math.floor(plainLength / 6);
}

/** Compresses from[start, end) into `into` from `at` on, which must hold snappyBound more bytes. Returns the end. */
export function snappyCompress(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): number {
  let out = putUvarint(into, at, end - start);
  table.fill(-1);
  let literal = start;
  for (let i = findCopy(from, start, end); i >= 0; i = findCopy(from, literal, end)) {
    out = putLiteral(from, literal, i, into, out);
    const length = copyLength(from, origin, i, end);
    out = putCopy(into, out, i - origin, length);
    literal = i + length;
    if (literal + 3 <= end) table[hashOf(wordAt(from, literal - 1))] = literal - 1;
  }
  return putLiteral(from, literal, end, into, out);
}

// Loops of their own functions: V8 compiles well what is called often, and a server compresses a hundred times a second.

/** Where the copy that was found last copies from. */
let origin = 0;

/** The first place from `start` on where bytes stand that came before, −1 where there is none. */
function findCopy(from: Uint8Array, start: number, end: number): number {
  let misses = 32;
  // The longer nothing fits, the larger the steps: noise passes quickly.
  for (let i = start; i + shortestCopy <= end; i += misses++ >>> 5) {
    const word = wordAt(from, i);
    const hash = hashOf(word);
    const candidate = table[hash]!;
    table[hash] = i;
    if (candidate < 0 || i - candidate > 0xffff || wordAt(from, candidate) !== word) continue;
    origin = candidate;
    return i;
  }
  return -1;
}

/** How many bytes from `i` on are those from `candidate` on, at least shortestCopy. */
function copyLength(from: Uint8Array, candidate: number, i: number, end: number): number {
  let length = shortestCopy;
  while (i + length < end && from[candidate + length] === from[i + length]) length++;
  return length;
}

function hashOf(word: number): number {
  return Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
}

function wordAt(bytes: Uint8Array, i: number): number {
  return bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
}

function putUvarint(into: Uint8Array, at: number, value: number): number {
  let rest = value;
  let out = at;
  while (rest > 127) {
    into[out++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  into[out++] = rest;
  return out;
}

function putLiteral(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  if (end <= start) return at;
  const last = end - start - 1;
  let out = at;
  if (last < 60) into[out++] = last << 2;
  else {
    const size = last < 1 << 8 ? 1 : last < 1 << 16 ? 2 : last < 1 << 24 ? 3 : 4;
    into[out++] = (59 + size) << 2;
    for (let i = 0; i < size; i++) into[out++] = last >>> (8 * i);
  }
  for (let i = start; i < end; i++) into[out++] = from[i]!;
  return out;
}

function putCopy(into: Uint8Array, at: number, offset: number, length: number): number {
  let out = at;
  let rest = length;
  while (rest > 0) {
    // A remainder below 4 could not be a short copy: leave at least 4 for it.
    const part = rest > 64 ? (rest < 68 ? 60 : 64) : rest;
    if (part >= 4 && part <= 11 && offset < 2048) {
      into[out++] = 1 | ((part - 4) << 2) | ((offset >>> 8) << 5);
      into[out++] = offset;
    } else {
      into[out++] = 2 | ((part - 1) << 2);
      into[out++] = offset;
      into[out++] = offset >>> 8;
    }
    rest -= part;
  }
  return out;
}

/** A copy of three bytes makes 64: no block expands more. */
const mostExpansion = 64 / 3;

/**
 * The plain length that a compressed block names, −1 where its head is not a uvarint of 32 bits or names more than the
 * block could hold.
 */
export function snappyPlainLength(from: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let i = start, shift = 0; i < end && shift < 35; i++, shift += 7) {
    length += (from[i]! & 127) * 2 ** shift;
    if (from[i]! < 128) return length <= mostExpansion * (end - start) ? length : -1;
  }
  return -1;
}

/** The first byte of what a block holds, without expanding it; −1 where there is none. */
export function snappyFirstByte(from: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && from[i++]! > 127);
  // What comes first has nothing before it to be a copy of: it is a literal, whose length may take up to four bytes.
  const tag = from[i] ?? 3;
  if (i >= end || (tag & 3) !== 0) return -1;
  return from[i + 1 + Math.max(0, (tag >>> 2) - 59)] ?? -1;
}

/** Expands from[start, end) into `into` from 0 on. Returns the plain length. @throws RangeError naming the fault. */
export function snappyExpand(from: Uint8Array, start: number, end: number, into: Uint8Array): number {
  const plain = snappyPlainLength(from, start, end);
  if (plain < 0 || plain > into.length) throw new RangeError('cannot expand snappy block: bad length');
  let i = start;
  while (from[i++]! > 127);
  let out = 0;
  while (i < end) {
    const tag = from[i++]!;
    let length: number;
    let offset: number;
    switch (tag & 3) {
      case 0: {
        length = (tag >>> 2) + 1;
        if (length > 60) {
          const size = length - 60;
          length = 1;
          for (let k = 0; k < size; k++) length += from[i++]! * 2 ** (8 * k);
        }
        // The negated comparisons also catch NaN, which reading past the end gives.
        if (!(i + length <= end) || out + length > plain) {
          throw new RangeError('cannot expand snappy block: a literal runs past the end');
        }
        for (const stop = out + length; out < stop; ) into[out++] = from[i++]!;
        continue;
      }
      case 1:
        length = 4 + ((tag >>> 2) & 7);
        offset = ((tag >>> 5) << 8) | from[i++]!;
        break;
      case 2:
        length = (tag >>> 2) + 1;
        offset = from[i]! | (from[i + 1]! << 8);
        i += 2;
        break;
      default:
        length = (tag >>> 2) + 1;
        offset = (from[i]! | (from[i + 1]! << 8) | (from[i + 2]! << 16) | (from[i + 3]! << 24)) >>> 0;
        i += 4;
    }
    if (i > end || offset === 0 || offset > out || out + length > plain) {
      throw new RangeError('cannot expand snappy block: a copy leaves the block');
    }
    for (const stop = out + length; out < stop; out++) into[out] = into[out - offset]!;
  }
  if (out !== plain) throw new RangeError(`cannot expand snappy block: ${out} bytes instead of ${plain}`);
  return plain;
}
