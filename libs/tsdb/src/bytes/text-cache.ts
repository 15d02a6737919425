/** A byte order mark at the beginning belongs to the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const slots = 1 << 14;
/** Longer texts seldom come twice. */
const longest = 64;

/**
 * Gives strings for bytes, and for the same bytes mostly the same string: the labels of a log repeat, and to make a
 * string takes ten times what it takes to compare one.
 */
export class TextCache {
  readonly #texts: (string | undefined)[] = new Array(slots).fill(undefined);

  text(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length > longest) return decoder.decode(bytes.subarray(from, to));
    let hash = length;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#texts[slot];
    if (known !== undefined && isText(known, bytes, from, length)) return known;
    const fresh = decoder.decode(bytes.subarray(from, to));
    this.#texts[slot] = fresh;
    return fresh;
  }
}

/** False for what is not ASCII too: its bytes are not its characters. */
function isText(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[from + i]!;
    if (byte > 127 || text.charCodeAt(i) !== byte) return false;
  }
  return true;
}
