/** Endpoints of Prometheus that are not there yet: each answers 501 and says what is missing. */
export const unbuiltEndpoints: readonly { readonly path: string; readonly feature: string }[] = [
  { path: '/targets/relabel_steps', feature: 'showing relabelling step by step' },
  { path: '/scrape_pools/config', feature: 'showing the configuration of a scrape pool' },
  { path: '/status/tsdb/blocks', feature: 'listing blocks' },
  { path: '/status/self_metrics', feature: 'the endpoint of own metrics (see /metrics)' },
  { path: '/features', feature: 'listing features' },
  { path: '/notifications', feature: 'notifications of the web page' },
  { path: '/notifications/live', feature: 'notifications of the web page' },
  { path: '/openapi.yaml', feature: 'the OpenAPI description' },
  { path: '/search/metric_names', feature: 'searching names' },
  { path: '/search/label_names', feature: 'searching names' },
  { path: '/search/label_values', feature: 'searching values' },
  { path: '/write', feature: 'receiving remote write' },
  { path: '/read', feature: 'answering remote read' },
  { path: '/otlp/v1/metrics', feature: 'receiving OTLP' },
];
