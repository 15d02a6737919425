import { Duration } from './duration.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** The parts of a Go layout, longest first where one begins another. */
const layoutPart =
  /January|Jan|Monday|Mon|MST|2006|-07:00|-0700|-07|Z07:00|Z0700|__2|_2|002|01|02|03|04|05|06|15|PM|pm|[.,](?:0+|9+)(?!\d)|1|2|3|4|5/g;
/** Go's zero time, 1 January of the year 1. */
const zeroMs = Date.parse('0001-01-01T00:00:00Z');

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly weekday: number;
  readonly offsetMinutes: number;
  readonly abbreviation: string;
}

/** A moment with a time zone, as Go's time.Time as far as templates use it; exact to the millisecond. */
export class Time {
  readonly ms: number;
  readonly zone: string;

  constructor(ms: number, zone = 'UTC') {
    this.ms = ms;
    this.zone = zone;
  }

  /** The moment in another IANA zone. @throws RangeError for a zone that nobody knows. */
  in(zone: string): Time {
    zoneFormat(zone);
    return new Time(this.ms, zone);
  }

  UTC(): Time {
    return new Time(this.ms);
  }

  Local(): Time {
    return new Time(this.ms, Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  Unix(): bigint {
    return BigInt(Math.floor(this.ms / 1000));
  }

  UnixMilli(): bigint {
    return BigInt(Math.floor(this.ms));
  }

  UnixNano(): bigint {
    return BigInt(Math.floor(this.ms)) * 1_000_000n;
  }

  IsZero(): boolean {
    return this.ms === zeroMs;
  }

  Add(span: Duration): Time {
    return new Time(this.ms + span.nanoseconds / 1e6, this.zone);
  }

  Sub(other: Time): Duration {
    return new Duration((this.ms - other.ms) * 1e6);
  }

  After(other: Time): boolean {
    return this.ms > other.ms;
  }

  Before(other: Time): boolean {
    return this.ms < other.ms;
  }

  Equal(other: Time): boolean {
    return this.ms === other.ms;
  }

  Year(): bigint {
    return BigInt(this.#wall().year);
  }

  Month(): string {
    return months[this.#wall().month - 1]!;
  }

  Day(): bigint {
    return BigInt(this.#wall().day);
  }

  Weekday(): string {
    return weekdays[this.#wall().weekday]!;
  }

  Hour(): bigint {
    return BigInt(this.#wall().hour);
  }

  Minute(): bigint {
    return BigInt(this.#wall().minute);
  }

  Second(): bigint {
    return BigInt(this.#wall().second);
  }

  /** The moment in the words of a Go layout such as `2006-01-02 15:04:05`. */
  Format(layout: string): string {
    const wall = this.#wall();
    return layout.replace(layoutPart, (part) => formatPart(part, wall));
  }

  String(): string {
    return this.Format('2006-01-02 15:04:05.999999999 -0700 MST');
  }

  toString(): string {
    return this.String();
  }

  #wall(): WallClock {
    return this.zone === 'UTC' ? wallUtc(this.ms) : wallIn(this.ms, this.zone);
  }
}

function wallUtc(ms: number): WallClock {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
    weekday: date.getUTCDay(),
    offsetMinutes: 0,
    abbreviation: 'UTC',
  };
}

function wallIn(ms: number, zone: string): WallClock {
  const parts = Object.fromEntries(
    zoneFormat(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const [, sign, hours, minutes = '0'] = /([+-])(\d+):?(\d+)?/.exec(parts['timeZoneName'] ?? '') ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes);
  const offsetMinutes = sign === '-' ? -size : size;
  const short = abbreviationFormat(zone)
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')!.value;
  // Where English has no abbreviation, the database of zones has none either, and Go prints the offset.
  const abbreviation = short.startsWith('GMT') && zone !== 'GMT' ? offsetText(offsetMinutes, '') : short;
  return { ...wallUtc(ms + offsetMinutes * 60_000), offsetMinutes, abbreviation };
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(zone: string): Intl.DateTimeFormat {
  return cachedFormat(zone, 'longOffset');
}

function abbreviationFormat(zone: string): Intl.DateTimeFormat {
  return cachedFormat(zone, 'short');
}

function cachedFormat(zone: string, timeZoneName: 'longOffset' | 'short'): Intl.DateTimeFormat {
  const key = `${timeZoneName} ${zone}`;
  const known = zoneFormats.get(key) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName });
  zoneFormats.set(key, known);
  return known;
}

function offsetText(minutes: number, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function formatPart(part: string, wall: WallClock): string {
  const twelve = wall.hour % 12 || 12;
  switch (part) {
    case 'January':
      return months[wall.month - 1]!;
    case 'Jan':
      return months[wall.month - 1]!.slice(0, 3);
    case 'Monday':
      return weekdays[wall.weekday]!;
    case 'Mon':
      return weekdays[wall.weekday]!.slice(0, 3);
    case 'MST':
      return wall.abbreviation;
    case '2006':
      return String(wall.year).padStart(4, '0');
    case '06':
      return two(wall.year % 100);
    case '01':
      return two(wall.month);
    case '1':
      return String(wall.month);
    case '02':
      return two(wall.day);
    case '2':
      return String(wall.day);
    case '_2':
      return String(wall.day).padStart(2);
    case '002':
    case '__2':
      return dayOfYear(wall).padStart(3, part === '002' ? '0' : ' ');
    case '15':
      return two(wall.hour);
    case '03':
      return two(twelve);
    case '3':
      return String(twelve);
    case '04':
      return two(wall.minute);
    case '4':
      return String(wall.minute);
    case '05':
      return two(wall.second);
    case '5':
      return String(wall.second);
    case 'PM':
      return wall.hour < 12 ? 'AM' : 'PM';
    case 'pm':
      return wall.hour < 12 ? 'am' : 'pm';
    case 'Z07:00':
    case '-07:00':
      return part[0] === 'Z' && wall.offsetMinutes === 0 ? 'Z' : offsetText(wall.offsetMinutes, ':');
    case 'Z0700':
    case '-0700':
      return part[0] === 'Z' && wall.offsetMinutes === 0 ? 'Z' : offsetText(wall.offsetMinutes, '');
    case '-07':
      return offsetText(wall.offsetMinutes, '').slice(0, 3);
    default:
      return fraction(part, wall.millisecond);
  }
}

function dayOfYear({ year, month, day }: WallClock): string {
  return String(Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1);
}

/** `.000` keeps its width, `.999` drops trailing zeros, and itself where nothing remains. */
function fraction(part: string, millisecond: number): string {
  const digits = String(millisecond)
    .padStart(3, '0')
    .padEnd(9, '0')
    .slice(0, part.length - 1);
  if (part[1] === '0') return part[0] + digits;
  const short = digits.replace(/0+$/, '');
  return short === '' ? '' : part[0] + short;
}
