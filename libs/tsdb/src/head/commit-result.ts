import { type Place, place } from './chunks.ts';

/** What became of the samples of a commit. */
export interface CommitResult {
  readonly appended: number;
  /** The series has a newer sample, and the sample is older than the window for late ones. */
  readonly outOfOrder: number;
  /** The series has another value at that time. The same value again is no fault and counted nowhere. */
  readonly duplicates: number;
  /** The series was dropped since its reference was taken: ask for the reference again. */
  readonly unknownSeries: number;
}

/** A result in the making. */
export type Counts = { -readonly [K in keyof CommitResult]: CommitResult[K] };

/** Counts a sample that does not fit. */
export function countRefused(result: Counts, stands: Place): void {
  if (stands === place.older) result.outOfOrder++;
  else if (stands === place.conflicting) result.duplicates++;
}
