import type { PageFormat } from '@paddlewatch/exposition';
import type { JobConfig } from '../config/inherit.ts';
import { ScrapeError } from './scrape-error.ts';

type Protocol = JobConfig['scrape_protocols'][number];

const mediaTypes: Readonly<Record<Protocol, string>> = {
  PrometheusProto:
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
};

/** The Accept header, as Prometheus weighs the protocols: 0.6 for the first of five, a tenth less for each next. */
export function acceptHeader({ scrape_protocols, metric_name_escaping_scheme: escaping }: JobConfig): string {
  const ranges = scrape_protocols.map((protocol, i) => {
    const escapes = protocol.endsWith('1.0.0') ? `;escaping=${escaping}` : '';
    return `${mediaTypes[protocol]}${escapes};q=${weight(i)}`;
  });
  return [...ranges, `*/*;q=${weight(scrape_protocols.length)}`].join(',');
}

function weight(rank: number): string {
  return `0.${6 - rank}`;
}

/** The format that a Content-Type names. @throws ScrapeError where it names none and the job has no fallback. */
export function pageFormat(contentType: string | undefined, fallback: Protocol | undefined): PageFormat {
  const parameters = contentType?.indexOf(';') ?? -1;
  const media = (parameters < 0 ? contentType : contentType!.slice(0, parameters))?.trim().toLowerCase();
  if (media === 'text/plain') return 'text';
  if (media === 'application/openmetrics-text') return 'openmetrics';
  if (media === 'application/vnd.google.protobuf' && isDelimited(contentType!)) return 'protobuf';
  if (fallback) return formatOf(fallback);
  const received = contentType ? `Content-Type "${contentType}"` : 'no Content-Type';
  throw new ScrapeError(`received ${received}: set fallback_scrape_protocol to read the page anyway`);
}

/** A stream of metric families, and not another message of protobuf or another way to write it. */
function isDelimited(contentType: string): boolean {
  const parameters = contentType.split(';').map((part) => part.trim());
  return (
    parameters.includes('proto=io.prometheus.client.MetricFamily') &&
    parameters.includes('encoding=delimited')
  );
}

function formatOf(protocol: Protocol): PageFormat {
  if (protocol === 'PrometheusProto') return 'protobuf';
  return protocol.startsWith('OpenMetrics') ? 'openmetrics' : 'text';
}
