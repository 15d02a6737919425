import { compileMatcher, formatDuration, type Labels, labelsToRecord, labelValue } from '@paddlewatch/model';
import { parseQuery } from '@paddlewatch/promql';
import { invalidParameter } from './api-error.ts';
import { type Call, type Endpoint, goTime } from './endpoint.ts';
import type { ActiveTarget, TargetMetadata } from './surroundings.ts';

export const targets: Endpoint = {
  path: '/targets',
  methods: 'GET',
  answer({ params, monitor }) {
    const state = params.text('state').toLowerCase();
    const pool = params.text('scrapePool');
    const inPool = ({ scrapePool }: { scrapePool: string }) => pool === '' || scrapePool === pool;
    const wants = (kind: string) => state === kind || (state !== 'active' && state !== 'dropped');
    return {
      data: {
        activeTargets: wants('active')
          ? monitor.targets
              .active()
              .filter(inPool)
              .map((target) => targetJson(target, monitor.externalUrl))
          : [],
        droppedTargets: wants('dropped')
          ? monitor.targets
              .dropped()
              .filter(inPool)
              .map(({ discoveredLabels, scrapePool }) => ({
                discoveredLabels: labelsToRecord(discoveredLabels),
                scrapePool,
              }))
          : [],
        droppedTargetCounts: wants('dropped') ? monitor.targets.droppedCounts() : {},
      },
    };
  },
};

function targetJson(target: ActiveTarget, externalUrl: string) {
  return {
    discoveredLabels: labelsToRecord(target.discoveredLabels),
    labels: labelsToRecord(target.labels),
    scrapePool: target.scrapePool,
    scrapeUrl: target.scrapeUrl,
    globalUrl: globalUrl(target.scrapeUrl, externalUrl),
    lastError: target.lastError,
    lastScrape: goTime(target.lastScrape),
    lastScrapeDuration: target.lastScrapeDuration,
    health: target.health,
    scrapeInterval: formatDuration(target.scrapeInterval),
    scrapeTimeout: formatDuration(target.scrapeTimeout),
  };
}

/** A target on this machine's own address, as others reach it. */
function globalUrl(scrapeUrl: string, externalUrl: string): string {
  const url = new URL(scrapeUrl);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return scrapeUrl;
  url.hostname = new URL(externalUrl).hostname;
  return url.href;
}

export const scrapePools: Endpoint = {
  path: '/scrape_pools',
  methods: 'GET',
  answer: ({ monitor }) => ({ data: { scrapePools: [...monitor.targets.names()].sort() } }),
};

export const targetMetadata: Endpoint = {
  path: '/targets/metadata',
  methods: 'GET',
  answer(call) {
    const limit = limitOf(call, 'limit');
    const metric = call.params.text('metric');
    const fits = targetFilter(call);
    const found = call.monitor.targets
      .metadata()
      .filter((entry) => fits(entry.target) && (metric === '' || entry.metric === metric))
      .map(({ target, metric: name, type, help, unit }) => ({
        target: labelsToRecord(target),
        ...(metric === '' ? { metric: name } : {}),
        ...{ type, help, unit },
      }));
    return { data: found.slice(0, limit) };
  },
};

export const metadata: Endpoint = {
  path: '/metadata',
  methods: 'GET',
  answer(call) {
    const limit = limitOf(call, 'limit');
    const perMetric = limitOf(call, 'limit_per_metric');
    const wanted = call.params.text('metric');
    const byMetric = new Map<string, Map<string, Pick<TargetMetadata, 'type' | 'help' | 'unit'>>>();
    for (const { metric, type, help, unit } of call.monitor.targets.metadata()) {
      if (wanted !== '' && metric !== wanted) continue;
      if (!byMetric.has(metric) && byMetric.size >= limit) continue;
      const entries = byMetric.get(metric) ?? new Map();
      byMetric.set(metric, entries);
      if (entries.size < perMetric) entries.set(`${type}\xff${help}\xff${unit}`, { type, help, unit });
    }
    return {
      data: Object.fromEntries([...byMetric].map(([name, entries]) => [name, [...entries.values()]])),
    };
  },
};

/** Here a limit that is absent or negative is none, and 0 is zero, as in Prometheus. */
function limitOf({ params }: Call, name: string): number {
  const text = params.text(name);
  if (text === '') return Infinity;
  if (!/^[+-]?\d+$/.test(text))
    throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} as a number`);
  return Number(text) < 0 ? Infinity : Number(text);
}

function targetFilter({ params }: Call): (target: Labels) => boolean {
  const text = params.text('match_target');
  if (text === '') return () => true;
  const expr = parseQuery(text);
  if (expr.kind !== 'vector') throw invalidParameter('match_target', `${text} is not a series selector`);
  const tests = expr.matchers.map((matcher) => ({ name: matcher.name, test: compileMatcher(matcher) }));
  return (labels) => tests.every(({ name, test }) => test(labelValue(labels, name)));
}
