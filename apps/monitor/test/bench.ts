import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import { type MonitorOptions, startMonitor } from '../src/index.ts';

/** What tests need of node's test context. */
interface Scope {
  after(end: () => unknown): void;
}

export function folder(t: Scope): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'paddlewatch-monitor-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A real scrape target; `page` makes what it exposes, for each request anew. */
export async function target(
  t: Scope,
  page: (userAgent: string) => string,
  type = 'text/plain; version=0.0.4',
): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', type);
    response.end(page(request.headers['user-agent'] ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A monitor behind a real HTTP server. */
export async function monitor(t: Scope, config: string, options: Partial<MonitorOptions> = {}) {
  const dir = folder(t);
  const configFile = path.join(dir, 'prometheus.yml');
  writeFileSync(configFile, config);
  const app = await startMonitor({
    configFile,
    storagePath: path.join(dir, 'data'),
    log: () => {},
    ...options,
  });
  const server = fastify({ forceCloseConnections: true });
  await server.register(app.routes);
  await server.register(app.selfRoutes);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  t.after(async () => {
    await server.close();
    await app.stop();
  });
  return { app, url, dir, configFile };
}

// The tests look into answers of many shapes; their assertions are the check.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Json = any;

export async function api(url: string, call: string, form?: Record<string, string>): Promise<Json> {
  const response = await fetch(
    `${url}/api/v1/${call}`,
    form ? { method: 'POST', body: new URLSearchParams(form) } : {},
  );
  return response.json();
}

/** Asks again and again until the answer is good. @throws after ten seconds, with the last answer. */
export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`it never came; last: ${JSON.stringify(answer).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
