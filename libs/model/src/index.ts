export type { Clock } from './clock.ts';
export { pause, systemClock } from './clock.ts';
export { formatDuration, parseDuration } from './duration.ts';
export type { Combined } from './histogram/arithmetic.ts';
export {
  addHistograms,
  compactHistogram,
  divideHistogram,
  joinHints,
  scaleHistogram,
  subtractHistograms,
} from './histogram/arithmetic.ts';
export type { Bucket } from './histogram/bounds.ts';
export { allBuckets, upperBound } from './histogram/bounds.ts';
export type { Buckets } from './histogram/buckets.ts';
export { bucketsFrom, noBuckets } from './histogram/buckets.ts';
export type { ClassicBucket } from './histogram/classic.ts';
export { fromClassic } from './histogram/classic.ts';
export { histogramsEqual } from './histogram/equal.ts';
export type { CounterResetHint, FloatHistogram } from './histogram/histogram.ts';
export { customSchema, histogramOf, isCustom, sameBounds } from './histogram/histogram.ts';
export { toSchema } from './histogram/reconcile.ts';
export { isCounterReset } from './histogram/reset.ts';
export type { Span } from './histogram/spans.ts';
export { spansOf, takeIndexes } from './histogram/spans.ts';
export { formatHistogram } from './histogram/text.ts';
export { trimHistogram } from './histogram/trim.ts';
export type { Labels } from './labels.ts';
export {
  compareLabels,
  formatLabels,
  isLegacyLabelName,
  isLegacyMetricName,
  labelsEqual,
  labelsFrom,
  labelsFromPairs,
  labelsKey,
  labelsToRecord,
  labelValue,
  mergeLabels,
  metricName,
  noLabels,
  onlyLabels,
  quoteString,
  withLabel,
  withoutLabels,
} from './labels.ts';
export type { Matcher, MatchType } from './matcher.ts';
export { compileMatcher, formatMatcher } from './matcher.ts';
export { formatValue, goFloat, parseValue } from './number-text.ts';
export type { AnchoredRegexp } from './regexp.ts';
export { compileRegexp } from './regexp.ts';
export { SimulatedClock } from './simulated-clock.ts';
export { isStale, staleBits, staleHigh, staleLow, writeStale } from './stale.ts';
