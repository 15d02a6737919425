import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the histogram `latency_seconds` of a protobuf target says: buckets of schema 0 from (1, 2] on. */
export interface Latency {
  readonly counts: readonly number[];
  readonly sum: number;
  /** Milliseconds, where the page says when. */
  readonly at?: number;
  readonly trace?: { readonly id: string; readonly value: number; readonly t: number };
}

/** A real target that speaks protobuf to who prefers it and text to all others; without `latency` it has no histogram. */
export async function protobufTarget(
  t: { after(end: () => unknown): void },
  latency: (userAgent: string) => Latency | undefined,
): Promise<string> {
  const server = createServer((request, response) => {
    const now = latency(request.headers['user-agent'] ?? '');
    if (request.headers.accept?.startsWith('application/vnd.google.protobuf')) {
      const type =
        'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
      response.setHeader('content-type', type);
      response.end(Buffer.from([...requestsFamily(), ...(now ? latencyFamily(now) : [])]));
    } else {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end('requests_total 7\n');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function requestsFamily(): number[] {
  return delimited([
    ...text(1, 'requests_total'),
    ...text(2, 'Requests.'),
    ...whole(3, 0),
    ...part(4, part(3, double(1, 7))),
  ]);
}

function latencyFamily({ counts, sum, at, trace }: Latency): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const deltas = counts.flatMap((count, i) => varint(zigzag(count - (counts[i - 1] ?? 0))));
  const histogram = [
    ...[whole(1, total), double(2, sum), whole(5, zigzag(0)), double(6, 2 ** -128)],
    ...[part(12, [...whole(1, zigzag(1)), ...whole(2, counts.length)]), part(13, deltas)],
    part(3, [...whole(1, counts[0]!), ...double(2, 2), ...(trace ? part(3, exemplar(trace)) : [])]),
  ].flat();
  const metric = [
    ...part(1, [...text(1, 'path'), ...text(2, '/infer')]),
    ...part(7, histogram),
    ...(at ? whole(6, at) : []),
  ];
  const unit = text(5, 'seconds');
  return delimited([
    ...text(1, 'latency_seconds'),
    ...text(2, 'Latency.'),
    ...whole(3, 4),
    ...part(4, metric),
    ...unit,
  ]);
}

function exemplar({ id, value, t }: NonNullable<Latency['trace']>): number[] {
  const label = part(1, [...text(1, 'trace_id'), ...text(2, id)]);
  const time = part(3, [...whole(1, Math.floor(t / 1000)), ...whole(2, (t % 1000) * 1e6)]);
  return [...label, ...double(2, value), ...time];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function whole(field: number, value: number): number[] {
  return [...varint(8 * field), ...varint(value)];
}

function double(field: number, value: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [...varint(8 * field + 1), ...bytes];
}

function part(field: number, bytes: readonly number[]): number[] {
  return [...varint(8 * field + 2), ...delimited(bytes)];
}

function text(field: number, value: string): number[] {
  return part(field, [...Buffer.from(value)]);
}

function delimited(bytes: readonly number[]): number[] {
  return [...varint(bytes.length), ...bytes];
}
