/** Bytes that the exposition formats give a meaning. */
export const tab = 0x09;
export const newline = 0x0a;
export const space = 0x20;
export const quote = 0x22;
export const hash = 0x23;
export const comma = 0x2c;
export const plus = 0x2b;
export const minus = 0x2d;
export const dot = 0x2e;
export const zero = 0x30;
export const equals = 0x3d;
export const backslash = 0x5c;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

export function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab;
}

const nameBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[a-zA-Z0-9_:]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** [a-zA-Z_:0-9]; a name does not begin with a digit, which is checked where it begins. */
export function isNameByte(byte: number): boolean {
  return nameBytes[byte] === 1;
}

export function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39;
}
