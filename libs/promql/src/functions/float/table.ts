import { calendarFunctions } from './calendar.ts';
import { clamp, clampMax, clampMin, round, startTimestamp, timestamp } from './limits.ts';
import type { MapFunction } from './map-function.ts';
import { mathFunctions } from './math.ts';

/** All functions of single values, by name. */
export const mapFunctions: ReadonlyMap<string, MapFunction> = new Map(
  Object.entries({
    ...mathFunctions,
    ...calendarFunctions,
    clamp,
    clamp_min: clampMin,
    clamp_max: clampMax,
    round,
    timestamp,
    start_timestamp: startTimestamp,
  }),
);
