/** A range of whole numbers, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One entry of a named interval: every field that is present must hold. Empty lists are absent fields. */
export interface TimeInterval {
  /** Minutes of the day, `to` excluded. */
  readonly times: readonly Range[];
  /** 0 is Sunday. */
  readonly weekdays: readonly Range[];
  /** 1 to 31; negative ones count from the month's end. */
  readonly daysOfMonth: readonly Range[];
  readonly months: readonly Range[];
  readonly years: readonly Range[];
  /** IANA name; UTC by default. */
  readonly location: string;
}

/** Whether a moment lies in any of the intervals. */
export function inAnyInterval(intervals: readonly TimeInterval[], ms: number): boolean {
  return intervals.some((interval) => contains(interval, ms));
}

function contains(interval: TimeInterval, ms: number): boolean {
  const local = wallClock(ms, interval.location);
  const lastDay = new Date(Date.UTC(local.year, local.month, 0)).getUTCDate();
  return (
    fits(interval.times, (range) => local.minute >= range.from && local.minute < range.to) &&
    fits(interval.weekdays, (range) => inside(range, local.weekday)) &&
    fits(interval.daysOfMonth, (range) => inside(dayRange(range, lastDay), local.day)) &&
    fits(interval.months, (range) => inside(range, local.month)) &&
    fits(interval.years, (range) => inside(range, local.year))
  );
}

function fits(ranges: readonly Range[], test: (range: Range) => boolean): boolean {
  return ranges.length === 0 || ranges.some(test);
}

function inside({ from, to }: Range, value: number): boolean {
  return value >= from && value <= to;
}

function dayRange({ from, to }: Range, lastDay: number): Range {
  const fromStart = (day: number) => (day < 0 ? lastDay + day + 1 : day);
  return { from: fromStart(from), to: Math.min(fromStart(to), lastDay) };
}

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Of the day. */
  readonly minute: number;
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a location that nobody knows. */
export function wallClock(ms: number, location: string): WallClock {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(location).formatToParts(ms)) parts[type] = Number(value);
  const { year, month, day, hour, minute } = parts as Record<
    'year' | 'month' | 'day' | 'hour' | 'minute',
    number
  >;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, minute: hour * 60 + minute, weekday };
}

function formatOf(location: string): Intl.DateTimeFormat {
  const known = formats.get(location);
  if (known) return known;
  const number = 'numeric' as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: location, hourCycle: 'h23' as const },
    ...{ year: number, month: number, day: number, hour: number, minute: number },
  });
  formats.set(location, format);
  return format;
}
