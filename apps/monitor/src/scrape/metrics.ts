import type { Counter, Family, Gauge, Registry } from '@paddlewatch/metrics';

/** What scraping tells of itself, under Prometheus' names where it has one. */
export interface ScrapeMetrics {
  readonly scrapes: Family<Counter, readonly ['scrape_job', 'outcome']>;
  readonly targets: Family<Gauge, readonly ['scrape_job']>;
  readonly outOfOrder: Counter;
  readonly duplicates: Counter;
}

export function scrapeMetrics(registry: Registry): ScrapeMetrics {
  return {
    scrapes: registry.counter({
      name: 'paddlewatch_scrapes_total',
      help: 'Scrapes by outcome: ok or failed.',
      labels: ['scrape_job', 'outcome'],
    }),
    targets: registry.gauge({
      name: 'prometheus_target_scrape_pool_targets',
      help: 'Targets of the scrape pool.',
      labels: ['scrape_job'],
    }),
    outOfOrder: registry.counter({
      name: 'prometheus_target_scrapes_sample_out_of_order_total',
      help: 'Scraped samples that are older than what their series has.',
    }),
    duplicates: registry.counter({
      name: 'prometheus_target_scrapes_sample_duplicate_timestamp_total',
      help: 'Scraped samples whose series has another value at their time.',
    }),
  };
}
