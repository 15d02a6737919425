// A fleet of services in one process of its own: /t/<i>/metrics; /stats tells how it was asked since the last time.
// Prints its port when it listens.
//   node exporter.ts TARGETS SERIES [shuffled]
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServicePage } from './fleet.ts';

const [targets, series, order] = process.argv.slice(2);
const pages = Array.from({ length: Number(targets) }, (_, i) => new ServicePage(i, Number(series)));
const asked = new Float64Array(pages.length);
/** Scrapes, and the longest time in which a service was not asked, ms. */
let stats = { scrapes: 0, longestPause: 0 };
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify(stats));
    stats = { scrapes: 0, longestPause: 0 };
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
  if (asked[service] !== 0) stats.longestPause = Math.max(stats.longestPause, now - asked[service]!);
  asked[service] = now;
}
