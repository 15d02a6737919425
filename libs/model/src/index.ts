export { formatDuration, parseDuration } from './duration.ts';
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
export { formatValue, parseValue } from './number-text.ts';
export type { AnchoredRegexp } from './regexp.ts';
export { compileRegexp } from './regexp.ts';
export { isStale, staleBits, staleHigh, staleLow, writeStale } from './stale.ts';
