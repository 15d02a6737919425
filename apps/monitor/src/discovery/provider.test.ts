import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { SimulatedClock } from '@paddlewatch/model';
import { z } from 'zod';
import { discoveryKeys } from '../config/discovery.ts';
import { providersOf, type TargetGroup } from './provider.ts';

const schema = z.strictObject(discoveryKeys);

/** Starts the one provider of a configuration; `next` gives what it finds or fails on, in turn. */
function discover(t: TestContext, config: z.input<typeof schema>, folder = '.') {
  const clock = new SimulatedClock();
  const found: (readonly TargetGroup[] | string)[] = [];
  let arrived = Promise.withResolvers<void>();
  const push = (what: readonly TargetGroup[] | string) => {
    found.push(what);
    arrived.resolve();
  };
  const context = { clock, folder, onError: (error: Error) => push(error.message) };
  const [, provider] = providersOf(schema.parse(config), context);
  provider!.start(push);
  t.after(() => provider!.stop());
  return {
    clock,
    async next() {
      while (found.length === 0) {
        arrived = Promise.withResolvers<void>();
        await arrived.promise;
      }
      return found.shift()!;
    },
  };
}

test('static targets are there at once', () => {
  const found: unknown[] = [];
  const group = { targets: ['h:1'], labels: { zone: 'z' } };
  const context = { clock: new SimulatedClock(), folder: '.', onError: assert.fail };
  providersOf(schema.parse({ static_configs: [group] }), context)[0]!.start((groups) => found.push(groups));
  assert.deepEqual(found, [[group]]);
});

test('files are read, read again, and kept where they cannot be read', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'discovery-'));
  t.after(() => rm(folder, { recursive: true }));
  const [json, yaml] = [path.join(folder, 'a.json'), path.join(folder, 'b.yml')];
  await writeFile(json, '[{"targets": ["h:1"], "labels": {"zone": "z"}}]');
  await writeFile(yaml, '- targets: [h:2]\n');
  const { clock, next } = discover(t, { file_sd_configs: [{ files: ['*.json', 'b.yml'] }] }, folder);
  const first = { targets: ['h:1'], labels: { zone: 'z', __meta_filepath: json } };
  assert.deepEqual(await next(), [first, { targets: ['h:2'], labels: { __meta_filepath: yaml } }]);
  await writeFile(yaml, '- targets: {}\n');
  await clock.advance(300_000);
  assert.match((await next()) as string, /b\.yml:1: /);
  assert.deepEqual(await next(), [first, { targets: ['h:2'], labels: { __meta_filepath: yaml } }]);
  await rm(yaml);
  await clock.advance(300_000);
  assert.deepEqual(await next(), [first]);
});

test('a changed file is read without waiting for the interval', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'discovery-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'a.yml');
  await writeFile(file, '- targets: [h:1]\n');
  const { clock, next } = discover(t, { file_sd_configs: [{ files: ['a.yml'] }] }, folder);
  await next();
  await writeFile(file, '- targets: [h:2]\n');
  const changed = next();
  // The watcher speaks when the kernel does: let a tenth of a second pass on the simulated clock until it has.
  for (let waiting = true; waiting; ) {
    await clock.advance(100);
    waiting = await Promise.race([
      changed.then(() => false),
      new Promise<boolean>((done) => setImmediate(done, true)),
    ]);
  }
  assert.deepEqual(((await changed) as TargetGroup[])[0]!.targets, ['h:2']);
});

test('an endpoint is asked again and again, and its faults keep what was found', async (t) => {
  const answers = [
    ['application/json; charset=utf-8', '[{"targets": ["h:1"], "labels": {"zone": "z"}}]'],
    ['text/plain', '[]'],
    ['application/json', '[{"target": ["h:1"]}]'],
    ['application/json', '[]'],
  ];
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers['x-prometheus-refresh-interval-seconds']);
    const [type, body] = answers.shift()!;
    response.setHeader('content-type', type!).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/targets`;
  const { clock, next } = discover(t, { http_sd_configs: [{ url, refresh_interval: '30s' }] });
  assert.deepEqual(await next(), [{ targets: ['h:1'], labels: { zone: 'z', __meta_url: url } }]);
  const faults = [/its Content-Type is "text\/plain", not application\/json/, /Unrecognized key/];
  for (const fault of faults) {
    await settled();
    await clock.advance(30_000);
    assert.match((await next()) as string, fault);
  }
  await settled();
  await clock.advance(30_000);
  assert.deepEqual(await next(), []);
  assert.deepEqual(asked, ['30', '30', '30', '30']);
});

/** When the provider has set its timer for the next question. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
