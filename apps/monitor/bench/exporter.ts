// A fleet of services in one process of its own: /t/<i>/metrics. Prints its port when it listens.
//   node exporter.ts TARGETS SERIES [shuffled]
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServicePage } from './fleet.ts';

const [targets, series, order] = process.argv.slice(2);
const pages = Array.from({ length: Number(targets) }, (_, i) => new ServicePage(i, Number(series)));
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const body = Buffer.from(pages[Number(request.url!.split('/')[2])]!.render(order === 'shuffled'), 'latin1');
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
