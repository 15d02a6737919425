import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SimulatedClock } from '@paddlewatch/model';
import { scrapeConfig } from '../config/scrape.ts';
import { createHttpClient } from './client.ts';

async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<URL> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

async function clientOf(
  t: TestContext,
  settings: Record<string, unknown> = {},
  clock = new SimulatedClock(),
) {
  const client = await createHttpClient(scrapeConfig.parse({ job_name: 'j', ...settings }), clock);
  t.after(() => client.close());
  return client;
}

const request = { headers: {}, timeoutMs: 1000 };

test('gives status, headers and body, over one connection', async (t) => {
  const ports = new Set<number | undefined>();
  const url = await serve(t, ({ socket, url }, response) => {
    ports.add(socket.remotePort);
    response.writeHead(201, { 'content-type': 'text/x' }).end(url);
  });
  const client = await clientOf(t);
  for (let i = 0; i < 3; i++) {
    const { status, headers, body } = await client.request(new URL('/p?q=1', url), request);
    assert.deepEqual([status, headers['content-type'], body.toString()], [201, 'text/x', '/p?q=1']);
    // The connection is free when the callback that ended the answer has returned.
    await setImmediate();
  }
  assert.equal(ports.size, 1);
});

for (const [size, what] of [
  [10_000, 'small'],
  [400_000, 'large'],
] as const) {
  test(`unpacks a ${what} body, and holds it to the limit unpacked`, async (t) => {
    const text = Array.from({ length: size / 8 }, (_, i) => String((i * 7919) % 1e8).padStart(8)).join('');
    const url = await serve(t, (_, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(text));
    });
    const client = await clientOf(t);
    const { body } = await client.request(url, { ...request, maxBytes: size + 1 });
    assert.equal(body.toString(), text);
    await assert.rejects(
      client.request(url, { ...request, maxBytes: size }),
      /reaches the body_size_limit of \d+ bytes/,
    );
  });
}

test('breaks off a body that is over the limit', async (t) => {
  const url = await serve(t, (_, response) => {
    const more = () => response.write('x'.repeat(10_000), more);
    more();
  });
  const client = await clientOf(t);
  await assert.rejects(
    client.request(url, { ...request, maxBytes: 50_000 }),
    /reaches the body_size_limit of 50000 bytes/,
  );
});

test('gives up after the timeout', async (t) => {
  const clock = new SimulatedClock();
  const arrived = Promise.withResolvers<void>();
  const url = await serve(t, () => arrived.resolve());
  const client = await clientOf(t, {}, clock);
  const answer = client.request(url, request);
  const rejection = assert.rejects(answer, /no answer within 1 s/);
  await arrived.promise;
  await clock.advance(1000);
  await rejection;
});

test('follows redirects, without secrets to another host; or not', async (t) => {
  const other = await serve(t, ({ headers }, response) => {
    response.end(`other ${headers.authorization}`);
  });
  const url = await serve(t, ({ url, headers }, response) => {
    if (url === '/here') response.writeHead(302, { location: '/there' }).end();
    else if (url === '/away') response.writeHead(307, { location: other.href }).end();
    else if (url === '/round') response.writeHead(308, { location: '/round' }).end();
    else response.end(`${url} ${headers.authorization}`);
  });
  const authorization = { credentials: 'x' };
  const client = await clientOf(t, { authorization });
  const text = async (path: string) => (await client.request(new URL(path, url), request)).body.toString();
  assert.equal(await text('/here'), '/there Bearer x');
  assert.equal(await text('/away'), 'other undefined');
  await assert.rejects(text('/round'), /stopped after 10 redirects/);
  const still = await clientOf(t, { follow_redirects: false });
  assert.equal((await still.request(new URL('/here', url), request)).status, 302);
});

test('sends what the settings say', async (t) => {
  const url = await serve(t, ({ headers }, response) => {
    response.end(`${headers.authorization} ${headers['x-tenant']}`);
  });
  const settings = {
    basic_auth: { username: 'u', password: 'p' },
    http_headers: { 'X-Tenant': { values: ['a', 'b'] } },
  };
  const client = await clientOf(t, settings);
  const { body } = await client.request(url, request);
  assert.equal(body.toString(), `Basic ${Buffer.from('u:p').toString('base64')} a, b`);
});

test('says why it cannot connect', async (t) => {
  const client = await clientOf(t);
  await assert.rejects(client.request(new URL('http://127.0.0.1:1/'), request), /ECONNREFUSED/);
});
