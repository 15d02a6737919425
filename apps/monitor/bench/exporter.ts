// A fleet of services in one process of its own: /t/<i>/metrics; /stats tells how it was asked since the last time.
// Prints its port when it listens.
//   node exporter.ts TARGETS SERIES [shuffled]
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServicePage } from './fleet.ts';

const [targets, series, order] = process.argv.slice(2);
const pages = Array.from({ length: Number(targets) }, (_, i) => new ServicePage(i, Number(series)));
const asked = new Float64Array(pages.length);
/** Scrapes, and the times between two of the same service and the longest of them, ms. */
const nothing = () => ({ scrapes: 0, longestPause: 0, pauses: [] as number[] });
let stats = nothing();
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify(stats));
    stats = nothing();
    return;
  }
  const service = Number(request.url!.split('/')[2]);
  note(service);
  const body = Buffer.from(pages[service]!.render(order === 'shuffled'), 'latin1');
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

function note(service: number): void {
  const now = performance.now();
  stats.scrapes++;
  if (asked[service] !== 0) {
    stats.pauses.push(now - asked[service]!);
    stats.longestPause = Math.max(stats.longestPause, now - asked[service]!);
  }
  asked[service] = now;
}
