import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

test('puts a body into memory that it is given, where it fits', async (t) => {
  let size = 10_000;
  const url = await serve(
    t,
    (_, response) => void response.setHeader('content-length', size).end('x'.repeat(size)),
  );
  const client = await clientOf(t);
  const { body: first } = await client.request(url, request);
  size = 10_100;
  const { body: second } = await client.request(url, { ...request, memory: first });
  assert.equal(second.buffer, first.buffer);
  assert.equal(second.toString(), 'x'.repeat(10_100));
  for (const [bytes, memory] of [
    [20_000, first],
    [100, first],
    [5000, Buffer.allocUnsafe(10)],
  ] as const) {
    size = bytes;
    const { body } = await client.request(url, { ...request, memory });
    assert.notEqual(body.buffer, memory.buffer);
    assert.equal(body.length, size);
  }
});

/** A server that answers the first request of each connection, and ends the connection at the second. */
async function serveOnce(t: TestContext) {
  const seen: string[] = [];
  const server = net.createServer((socket) => {
    let answered = false;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      seen.push(bytes.toString().split(' ')[0]!);
      if (answered) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      answered = true;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), seen };
}

test('asks anew where the other side ended an idle connection, but sends nothing twice', async (t) => {
  const { url, seen } = await serveOnce(t);
  const client = await clientOf(t);
  await client.request(url, request);
  const { body } = await client.request(url, request);
  assert.equal(body.toString(), 'ok');
  assert.deepEqual(seen, ['GET', 'GET', 'GET']);
  await assert.rejects(client.request(url, { ...request, method: 'POST', body: 'x' }));
  assert.deepEqual(seen, ['GET', 'GET', 'GET', 'POST']);
});

test('gives up at a signal, and when it is closed', async (t) => {
  const url = await serve(t, () => {});
  const client = await clientOf(t);
  const abort = new AbortController();
  const rejection = assert.rejects(client.request(url, { ...request, signal: abort.signal }), /was given up/);
  abort.abort();
  await rejection;
  const closing = assert.rejects(client.request(url, request), /the client was closed/);
  await setImmediate();
  await client.close();
  await closing;
  await assert.rejects(client.request(url, request), /the client was closed/);
});

test('ends connections that are idle for long', async (t) => {
  const ended = Promise.withResolvers<void>();
  const url = await serve(t, ({ socket }, response) => {
    socket.once('close', () => ended.resolve());
    response.end('x');
  });
  const clock = new SimulatedClock();
  const client = await clientOf(t, {}, clock);
  await client.request(url, request);
  await clock.advance(10 * 60_000);
  await ended.promise;
});

/** A key and a certificate of its own making for localhost. */
function selfSigned(t: TestContext): { key: string; cert: string } | undefined {
  const dir = mkdtempSync(path.join(tmpdir(), 'client-test-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = path.join(dir, 'key.pem');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(file, key);
  const asked = '-subj /CN=localhost -addext subjectAltName=DNS:localhost -days 1';
  const { stdout, status } = spawnSync('openssl', `req -x509 -new -key ${file} ${asked}`.split(' '));
  return status === 0 ? { key, cert: stdout.toString() } : undefined;
}

test('asks over TLS, and only whom it can trust', async (t) => {
  const made = selfSigned(t);
  if (!made) return t.skip('needs openssl to make a certificate: install openssl');
  const { key, cert } = made;
  const server = createSecureServer({ key, cert }, (_, response) => response.end('x'.repeat(300_000)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const trusting = await clientOf(t, { tls_config: { ca: cert, server_name: 'localhost' } });
  for (let i = 0; i < 2; i++) assert.equal((await trusting.request(url, request)).body.length, 300_000);
  const careless = await clientOf(t, { tls_config: { insecure_skip_verify: true } });
  assert.equal((await careless.request(url, request)).status, 200);
  const strict = await clientOf(t);
  await assert.rejects(strict.request(url, request), /self-signed|certificate/);
});

test('says why it cannot connect', async (t) => {
  const client = await clientOf(t);
  await assert.rejects(client.request(new URL('http://127.0.0.1:1/'), request), /ECONNREFUSED/);
});
