import type { Labels } from '@paddlewatch/model';

const encoder = new TextEncoder();
let bytes = new Uint8Array(4096);

/**
 * The 16 hex digits by which Alertmanager's API names an alert: FNV-1a, 64 bits, over names and values in their order,
 * each followed by 0xff. Source: RFC draft "The FNV Non-Cryptographic Hash Algorithm"; the prime is 2^40 + 0x1b3.
 */
export function fingerprint(labels: Labels): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const length = encode(labels);
  for (let i = 0; i < length; i++) {
    low = (low ^ bytes[i]!) >>> 0;
    // (high:low) × (2^40 + 0x1b3): the low word's product needs 41 bits, which a double holds exactly.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return hex(high) + hex(low);
}

function encode(labels: Labels): number {
  let at = 0;
  for (const text of labels) {
    if (at + text.length * 3 + 1 > bytes.length) grow(at + text.length * 3 + 1);
    at += encoder.encodeInto(text, bytes.subarray(at)).written;
    bytes[at++] = 0xff;
  }
  return at;
}

function grow(least: number): void {
  const larger = new Uint8Array(least * 2);
  larger.set(bytes);
  bytes = larger;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
