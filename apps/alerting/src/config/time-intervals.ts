import { parsed } from '@paddlewatch/config';
import { z } from 'zod';
import { type Range, type TimeInterval, wallClock } from '../intervals/time-interval.ts';

const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const monthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];

/** `a` or `a:b`, each end read by `read`. */
function range(what: string, read: (text: string) => number) {
  return parsed(what, (text): Range => {
    const [first, second = first, ...rest] = text.toLowerCase().split(':') as [string, ...string[]];
    const [from, to] = [read(first), read(second)];
    if (rest.length > 0 || !Number.isInteger(from) || !Number.isInteger(to))
      throw new SyntaxError(`"${text}" is not a ${what}; write one, or a range such as first:last`);
    if (from > to && !(from > 0 && to < 0)) throw new SyntaxError(`"${text}": its start comes after its end`);
    return { from, to };
  });
}

const weekday = range('day of the week', (text) =>
  weekdayNames.includes(text) ? weekdayNames.indexOf(text) : NaN,
);
const dayOfMonth = range('day of the month', (text) => {
  const day = wholeNumber(text);
  return day !== 0 && Math.abs(day) <= 31 ? day : NaN;
});
const month = range('month', (text) => {
  const named = monthNames.indexOf(text) + 1 || wholeNumber(text);
  return named >= 1 && named <= 12 ? named : NaN;
});
const year = range('year', wholeNumber);

function wholeNumber(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : NaN;
}

const timeOfDay = parsed('time', (text) => {
  const match = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text);
  if (!match) throw new SyntaxError(`"${text}" is not a time; write HH:MM, from 00:00 to 24:00`);
  return text === '24:00' ? 1440 : Number(match[1]) * 60 + Number(match[2]);
});

const times = z
  .strictObject({ start_time: timeOfDay, end_time: timeOfDay })
  .refine(({ start_time, end_time }) => start_time < end_time, 'start_time must come before end_time')
  .transform(({ start_time, end_time }): Range => ({ from: start_time, to: end_time }));

const location = parsed('time zone', (text) => {
  try {
    wallClock(0, text);
    return text;
  } catch {
    throw new SyntaxError(`"${text}" is not a time zone; write an IANA name such as Asia/Shanghai`);
  }
});

const timeInterval = z
  .strictObject({
    times: z.array(times).default([]),
    weekdays: z.array(weekday).default([]),
    days_of_month: z.array(dayOfMonth).default([]),
    months: z.array(month).default([]),
    years: z.array(year).default([]),
    location: location.prefault('UTC'),
  })
  .transform(({ days_of_month, ...fields }): TimeInterval => ({ ...fields, daysOfMonth: days_of_month }));

export const namedTimeInterval = z.strictObject({
  name: z.string().min(1),
  time_intervals: z.array(timeInterval).default([]),
});
