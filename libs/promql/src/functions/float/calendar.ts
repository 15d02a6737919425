import { eachValue, type MapFunction } from './map-function.ts';

/** Parts of a UTC date; the value is seconds since the epoch. */
export const calendarFunctions: Readonly<Record<string, MapFunction>> = {
  minute: part((date) => date.getUTCMinutes()),
  hour: part((date) => date.getUTCHours()),
  day_of_week: part((date) => date.getUTCDay()),
  day_of_month: part((date) => date.getUTCDate()),
  day_of_year: part(dayOfYear),
  days_in_month: part(daysInMonth),
  month: part((date) => date.getUTCMonth() + 1),
  year: part((date, cycles) => date.getUTCFullYear() + cycles * 400),
};

/** The calendar repeats every 400 years. Seconds. */
const cycle = 12_622_780_800;
/** Go's int64: seconds that do not fit, and NaN, all come out as this moment of the year 292,277,026,596. */
const mostSeconds = 2 ** 63;

/** Dates beyond the 275,000 years that JavaScript knows are moved into them by whole cycles. */
function part(of: (date: Date, cycles: number) => number): MapFunction {
  return eachValue((value) => {
    const seconds = Math.abs(value) < mostSeconds ? Math.trunc(value) : mostSeconds;
    const cycles = Math.floor(seconds / cycle);
    const rest = seconds % cycle;
    return of(new Date((rest < 0 ? rest + cycle : rest) * 1000), cycles);
  });
}

const dayMs = 86_400_000;

function dayOfYear(date: Date): number {
  const today = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return (today - Date.UTC(date.getUTCFullYear(), 0, 0)) / dayMs;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
