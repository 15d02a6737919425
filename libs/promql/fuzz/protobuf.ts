/** Fields of protobuf messages, proto3: zeros may be left out, but need not. */
export function bytes(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, 2), varint(content.length), content]);
}

export function text(number: number, value: string): Buffer {
  return bytes(number, Buffer.from(value));
}

/** A whole number that is not negative. */
export function whole(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, 0), varint(value)]);
}

/** A whole number of either sign in zigzag, sint32 and sint64. */
export function signed(number: number, value: number): Buffer {
  return whole(number, value < 0 ? -2 * value - 1 : 2 * value);
}

export function double(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, 1), doubleBytes(value)]);
}

/** A double by its bits, for a NaN that means something. */
export function doubleBits(number: number, value: bigint): Buffer {
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(value);
  return Buffer.concat([tag(number, 1), content]);
}

export function packedDoubles(number: number, values: Iterable<number>): Buffer {
  return bytes(number, Buffer.concat(Array.from(values, doubleBytes)));
}

function doubleBytes(value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return content;
}

function tag(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

export function varint(value: number): Buffer {
  const content: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) content.push((rest % 128) | 128);
  return Buffer.from([...content, rest]);
}
