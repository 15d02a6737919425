const unitMs = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;
const shape = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const order = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;
/** Go's int64 nanoseconds hold about 292 years; Prometheus rejects what does not fit. */
const maxMs = 9_223_372_036_854;

/** Milliseconds of a Prometheus duration such as `1h30m` or `0`. @throws SyntaxError naming the text. */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const match = text === '' ? null : shape.exec(text);
  if (!match) throw new SyntaxError(faultOf(text));
  let total = 0;
  for (let i = 0; i < order.length; i++) total += Number(match[i + 1] ?? 0) * unitMs[order[i]!];
  if (total > maxMs) throw new SyntaxError('duration out of range');
  return total;
}

/** The first fault from the left, in Prometheus' words. */
function faultOf(text: string): string {
  let before = -1;
  for (const [, unit] of text.matchAll(/\d+(\D+)/gy)) {
    const place = (order as readonly string[]).indexOf(unit!);
    if (place < 0) return `unknown unit "${unit}" in duration "${text}"`;
    if (place <= before) break;
    before = place;
  }
  return `not a valid duration string: "${text}"`;
}

/** The shortest Prometheus text of a duration in milliseconds: `90000` → `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.abs(ms);
  let text = ms < 0 ? '-' : '';
  // Years, weeks and days only where nothing smaller remains: 1d12h reads worse than 36h, and Prometheus agrees.
  for (const unit of order) {
    const size = unitMs[unit];
    if ((unit === 'y' || unit === 'w' || unit === 'd') && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
