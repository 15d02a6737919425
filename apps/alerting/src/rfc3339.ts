/** Go's zero time, which stands for «no end» in notifications. */
export const zeroTime = '0001-01-01T00:00:00Z';

/** A moment as Go's JSON writes it: no fraction where there is none. */
export function rfc3339(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text.replace(/0+Z$/, 'Z');
}

/** Milliseconds of an RFC 3339 text; undefined where it is none, and for Go's zero time. */
export function parseRfc3339(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  if (text.startsWith('0001-01-01T00:00:00')) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
