const two = (value: number) => String(value).padStart(2, '0');

/** `04:05:06` in the reader's own time zone. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-11-23`: sorts as it reads, in both languages. */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Clock time for today, day and clock time for any other day. */
export function moment(ms: number, nowMs: number): string {
  return day(ms) === day(nowMs) ? clock(ms) : `${day(ms)} ${clock(ms)}`;
}

/** Labels of a time axis whose ticks are `stepS` seconds apart; midnight shows its date. */
export function timeAxisTexts(ticks: readonly number[], stepS: number): string[] {
  return ticks.map((seconds) => {
    const at = new Date(seconds * 1000);
    if (at.getHours() + at.getMinutes() + at.getSeconds() === 0)
      return `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    return stepS < 60 ? clock(seconds * 1000) : clock(seconds * 1000).slice(0, 5);
  });
}

/** A length of time as its two largest units: `[[3, 'm'], [20, 's']]`; the dictionaries turn units into words. */
export function spanParts(ms: number): [count: number, unit: SpanUnit][] {
  if (ms < 1000) return [[Math.max(0, Math.round(ms)), 'ms']];
  const parts: [number, SpanUnit][] = [];
  let rest = Math.floor(ms / 1000);
  for (const [unit, size] of spanUnits) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push([count, unit]);
    // Seconds beside hours would be noise: only neighbours are shown together.
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts;
}

export type SpanUnit = 'd' | 'h' | 'm' | 's' | 'ms';
const spanUnits: readonly [SpanUnit, number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

const durationMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `5s`, `15m`, `2h`, `7d`: the durations that stand in the page's URLs. Anything else: undefined. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d+)([smhd])$/.exec(text);
  return match ? Number(match[1]) * durationMs[match[2] as keyof typeof durationMs] : undefined;
}

/** The twin of `parseSpan`: one unit, the largest that divides evenly. */
export function formatSpan(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms >= durationMs[unit] && ms % durationMs[unit] === 0) return `${ms / durationMs[unit]}${unit}`;
  }
  return `${Math.round(ms / 1000)}s`;
}
