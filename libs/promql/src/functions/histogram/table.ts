import {
  histogramAvgOverTime,
  histogramSumOverTime,
  mixedChanges,
  mixedCount,
  mixedFirst,
  mixedLast,
  mixedPresent,
  mixedResets,
  mixedTimeOfFirst,
  mixedTimeOfLast,
} from './over-time.ts';
import { histogramDelta, histogramIncrease, histogramRate, mixedIdelta, mixedIrate } from './rate.ts';
import type { Answer, MixedWindow, Notes } from './window.ts';

export interface MixedFunction {
  /**
   * `together`: looks at floats and histograms alike. `apart`: has an answer for a window of histograms, and none for
   * a window with both. Functions that are not in the table leave histograms out.
   */
  readonly takes: 'together' | 'apart';
  readonly apply: (window: MixedWindow, notes: Notes) => Answer;
}

function apart(apply: MixedFunction['apply']): MixedFunction {
  return { takes: 'apart', apply };
}

function together(apply: MixedFunction['apply']): MixedFunction {
  return { takes: 'together', apply };
}

/** What range functions do with series that hold histograms. */
export const mixedFunctions: ReadonlyMap<string, MixedFunction> = new Map(
  Object.entries({
    rate: apart(histogramRate),
    increase: apart(histogramIncrease),
    delta: apart(histogramDelta),
    irate: together(mixedIrate),
    idelta: together(mixedIdelta),
    changes: together(mixedChanges),
    resets: together(mixedResets),
    sum_over_time: apart(histogramSumOverTime),
    avg_over_time: apart(histogramAvgOverTime),
    count_over_time: together(mixedCount),
    present_over_time: together(mixedPresent),
    first_over_time: together(mixedFirst),
    last_over_time: together(mixedLast),
    ts_of_first_over_time: together(mixedTimeOfFirst),
    ts_of_last_over_time: together(mixedTimeOfLast),
  }),
);
