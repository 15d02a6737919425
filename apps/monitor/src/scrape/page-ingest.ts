import { setImmediate } from 'node:timers/promises';
import type { PageScanner, SampleExtra } from '@paddlewatch/exposition';
import {
  isLegacyLabelName,
  isLegacyMetricName,
  type Labels,
  labelValue,
  metricName,
} from '@paddlewatch/model';
import type { JobConfig } from '../config/inherit.ts';
import { relabel } from '../relabel/relabel.ts';
import type { SampleAppender } from './appender.ts';
import { atResolution } from './histogram-resolution.ts';
import { ScrapeError } from './scrape-error.ts';
import { pageEnd, type SeriesCache, unknownSeries } from './series-cache.ts';
import { canonicalFloat, withTargetLabels } from './target-labels.ts';

/** Reference of a series that relabelling drops. */
const dropped = -1;
/** New series that are met in one go: some 10 ms, before others get their turn. */
const metAtOnce = 1000;
/** Samples further in the future than this are a clock gone wrong. */
const futureLimitMs = 10 * 60_000;

export interface PageCounts {
  /** Samples in the page. */
  scraped: number;
  /** Those that relabelling kept. */
  kept: number;
  /** Series that the target did not have before. */
  added: number;
}

/** The settings of a job that bear on its samples. */
export type SampleSettings = Pick<
  JobConfig,
  | 'honor_labels'
  | 'honor_timestamps'
  | 'track_timestamps_staleness'
  | 'metric_relabel_configs'
  | 'sample_limit'
  | 'label_limit'
  | 'label_name_length_limit'
  | 'label_value_length_limit'
  | 'metric_name_validation_scheme'
  | 'native_histogram_bucket_limit'
  | 'native_histogram_min_bucket_factor'
>;

/**
 * Appends the samples of the page that the cache has open, and the ends of series that are no longer in it, at the
 * scrape's time unless the page has its own. `extras` belong to a page of protobuf. Commits nothing.
 * @throws ExpositionError, ScrapeError: then the caller rolls back.
 */
export function ingestPage(
  cache: SeriesCache,
  appender: SampleAppender,
  target: Labels,
  settings: SampleSettings,
  time: number,
  extras?: ReadonlyMap<number, SampleExtra>,
): PageCounts {
  const counts: PageCounts = { scraped: 0, kept: 0, added: 0 };
  const { scanner } = cache;
  // What most pages are: numbers and nothing else.
  const plain = !extras && !appender.keepsExemplars;
  const { honor_timestamps: honorTimestamps, sample_limit: sampleLimit } = settings;
  for (let series = cache.next(); series !== pageEnd; series = cache.next()) {
    counts.scraped++;
    if (series === unknownSeries) {
      series = cache.add(resolve(cache, appender, target, settings));
      if (cache.rows.refs[series] !== dropped) counts.added++;
    }
    const ref = cache.rows.refs[series]!;
    if (ref === dropped) continue;
    if (++counts.kept > sampleLimit && sampleLimit > 0) {
      throw new ScrapeError(`the page has more than ${sampleLimit} samples, the sample_limit`);
    }
    const own = honorTimestamps && scanner.timestamp === scanner.timestamp;
    cache.rows.timestamped[series] = own && !settings.track_timestamps_staleness ? 1 : 0;
    if (own && scanner.timestamp > time + futureLimitMs) continue;
    if (!plain)
      appendRich(
        appender,
        ref,
        own ? scanner.timestamp : time,
        scanner,
        extras?.get(counts.scraped),
        settings,
      );
    else if (own) appender.append(ref, scanner.timestamp, scanner.value);
    else appender.append(ref, time, scanner.value);
  }
  endVanished(cache, appender, time);
  return counts;
}

/** Appends a sample that may be a histogram, and may have exemplars. */
function appendRich(
  appender: SampleAppender,
  ref: number,
  t: number,
  scanner: PageScanner,
  extra: SampleExtra | undefined,
  settings: SampleSettings,
): void {
  if (extra?.histogram) appender.appendHistogram(ref, t, atResolution(extra.histogram, settings));
  else appender.append(ref, t, scanner.value);
  if (!appender.keepsExemplars) return;
  const inLine = scanner.exemplar();
  for (const { labels, value, timestamp } of inLine ? [inLine] : (extra?.exemplars ?? []))
    appender.appendExemplar(ref, { labels, value, t: timestamp ?? t, untimed: timestamp === undefined });
}

/**
 * Meets the new series of the page that the cache has open, with a breath of the event loop now and then, and begins
 * the page anew. To read a series costs 50 times what its later samples do: a large page of a new target would hold
 * everything else. Returns how many were added. @throws as ingestPage does
 */
export async function meetSeries(
  cache: SeriesCache,
  appender: SampleAppender,
  target: Labels,
  settings: SampleSettings,
): Promise<number> {
  const { sample_limit: sampleLimit } = settings;
  let added = 0;
  let met = 0;
  for (let series = cache.next(); series !== pageEnd; series = cache.next()) {
    if (series !== unknownSeries) continue;
    series = cache.add(resolve(cache, appender, target, settings));
    if (cache.rows.refs[series] !== dropped) added++;
    if (sampleLimit > 0 && added > sampleLimit) break;
    if (++met % metAtOnce === 0) await setImmediate();
  }
  cache.rewind();
  return added;
}

/** Appends staleness markers to the series that the last page had and this one has not (yet). */
export function endVanished(cache: SeriesCache, appender: SampleAppender, time: number): void {
  for (const series of cache.vanished()) {
    const ref = cache.rows.refs[series]!;
    if (ref !== dropped && cache.rows.timestamped[series] === 0) appender.appendStale(ref, time);
  }
}

/** The storage's reference of the series that the scanner took. */
function resolve(
  cache: SeriesCache,
  appender: SampleAppender,
  target: Labels,
  settings: SampleSettings,
): number {
  const pairs = cache.scanner.pairs();
  const { floatLabel } = cache;
  const float = floatLabel === '' ? undefined : pairs.get(floatLabel);
  if (float !== undefined) pairs.set(floatLabel, canonicalFloat(float));
  const merged = withTargetLabels(pairs, target, settings.honor_labels);
  const labels = relabel(merged, settings.metric_relabel_configs);
  if (!labels || labels.length === 0) return dropped;
  checkLabels(labels, settings);
  return appender.series(labels);
}

function checkLabels(labels: Labels, settings: SampleSettings): void {
  const name = labelValue(labels, metricName);
  const fail = (what: string) => {
    throw new ScrapeError(`cannot take a series of ${name || 'no name'}: ${what}`);
  };
  if (name === '') fail('relabelling left it without a metric name');
  const { label_limit, label_name_length_limit, label_value_length_limit } = settings;
  if (label_limit > 0 && labels.length / 2 > label_limit)
    fail(`it has more than ${label_limit} labels, the label_limit`);
  const legacy = settings.metric_name_validation_scheme === 'legacy';
  if (legacy && !isLegacyMetricName(name)) fail('the name is not of the legacy alphabet');
  for (let i = 0; i < labels.length; i += 2) {
    if (exceeds(labels[i]!, label_name_length_limit))
      fail(`the label name ${labels[i]} is longer than the limit`);
    if (exceeds(labels[i + 1]!, label_value_length_limit))
      fail(`the value of ${labels[i]} is longer than the limit`);
    if (legacy && !isLegacyLabelName(labels[i]!))
      fail(`the label name ${labels[i]} is not of the legacy alphabet`);
  }
}

/** Limits are in bytes; 0 is no limit. */
function exceeds(text: string, limit: number): boolean {
  return limit > 0 && Buffer.byteLength(text) > limit;
}
