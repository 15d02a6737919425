import { eachValue, type MapFunction } from './map-function.ts';

/** Parts of a UTC date; the value is seconds since the epoch. */
export const calendarFunctions: Readonly<Record<string, MapFunction>> = {
  minute: part((date) => date.getUTCMinutes()),
  hour: part((date) => date.getUTCHours()),
  day_of_week: part((date) => date.getUTCDay()),
  day_of_month: part((date) => date.getUTCDate()),
  day_of_year: part(dayOfYear),
  days_in_month: part((date) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  ),
  month: part((date) => date.getUTCMonth() + 1),
  year: part((date) => date.getUTCFullYear()),
};

function part(of: (date: Date) => number): MapFunction {
  return eachValue((seconds) => of(new Date(Math.trunc(seconds) * 1000)));
}

const dayMs = 86_400_000;

function dayOfYear(date: Date): number {
  const today = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return (today - Date.UTC(date.getUTCFullYear(), 0, 0)) / dayMs;
}
