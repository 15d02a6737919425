import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Registry } from '@paddlewatch/metrics';
import { labelValue, SimulatedClock } from '@paddlewatch/model';
import { inheritGlobals } from '../config/inherit.ts';
import { scrapeConfig } from '../config/scrape.ts';
import { createHttpClient } from '../http/client.ts';
import { MemoryAppender } from './memory-appender.ts';
import { ScrapePools } from './scrape-pools.ts';

/** Pools over a real server that serves `pages.current`, on a simulated clock. */
async function start(t: TestContext) {
  const pages = { current: '# HELP a words\n# TYPE a counter\na 1\n' };
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(pages.current);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = new SimulatedClock();
  const appender = new MemoryAppender();
  const registry = new Registry();
  const errors: string[] = [];
  const onError = (error: Error) => errors.push(error.message);
  const running = new Set<Promise<unknown>>();
  const createClient: typeof createHttpClient = async (config) => {
    const client = await createHttpClient(config, clock);
    return {
      request(url, request) {
        const answer = client.request(url, request);
        running.add(answer);
        return answer.finally(() => running.delete(answer));
      },
      close: () => client.close(),
    };
  };
  const pools = new ScrapePools({ appender, folder: '.', clock, registry, onError, createClient });
  /** Lets time pass by seconds, and every scrape that comes due end in the second in which it began. */
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      await clock.advance(1000);
      await Promise.allSettled(running);
      await setImmediate();
    }
  };
  t.after(async () => {
    await pools.stop();
    server.closeAllConnections();
    server.close();
  });
  return { pools, pages, address, pass, appender, registry, errors };
}

function job(job_name: string, targets: string[], settings: Record<string, unknown> = {}) {
  const config = { job_name, static_configs: [{ targets }], scrape_interval: '10s', ...settings };
  return inheritGlobals(scrapeConfig.parse(config), {});
}

test('scrapes what the jobs name, and tells of it', async (t) => {
  const { pools, address, pass, registry } = await start(t);
  const relabel_configs = [{ source_labels: ['__address__'], regex: 'unwanted:.*', action: 'drop' }];
  await pools.update([
    job('j', [address, 'unwanted:1', 'unwanted:2'], { relabel_configs, keep_dropped_targets: 1 }),
  ]);
  assert.equal(pools.active()[0]!.health, 'unknown');
  await pass(10);
  const [target] = pools.active();
  assert.equal(target!.health, 'up');
  assert.equal(target!.scrapeUrl, `http://${address}/metrics`);
  assert.ok(target!.lastScrape! > 0 && target!.lastScrapeDuration > 0);
  assert.deepEqual(pools.names(), ['j']);
  assert.deepEqual(
    pools.dropped().map(({ discoveredLabels }) => labelValue(discoveredLabels, '__address__')),
    ['unwanted:1'],
  );
  assert.deepEqual(pools.droppedCounts(), { j: 2 });
  assert.deepEqual(
    pools.metadata().map(({ target: _, ...said }) => said),
    [{ metric: 'a', type: 'counter', help: 'words', unit: '' }],
  );
  assert.match(
    registry.expose().body.toString(),
    /prometheus_target_scrape_pool_targets\{scrape_job="j"\} 1/,
  );
});

test('a reload leaves alone what is as it was, and ends what is gone', async (t) => {
  const { pools, address, pass, appender } = await start(t);
  await pools.update([job('stays', [address]), job('goes', [address])]);
  await pass(10);
  const asked = appender.asked;
  await pools.update([job('stays', [address])]);
  await pass(10);
  assert.equal(appender.asked, asked, 'the cache of the job that stays was kept');
  await pass(20);
  const stale = appender.take().filter(([, , value]) => value === 'stale');
  assert.deepEqual(
    stale.map(([series]) => series),
    [`a{instance="${address}", job="goes"}`],
  );
});

test('a changed job goes on without a gap: its series do not end', async (t) => {
  const { pools, address, pass, appender } = await start(t);
  await pools.update([job('j', [address])]);
  await pass(10);
  await pools.update([job('j', [address], { sample_limit: 10 })]);
  await pass(40);
  const samples = appender.take();
  assert.ok(samples.length >= 4);
  assert.ok(
    samples.every(([, , value]) => value === 1),
    JSON.stringify(samples),
  );
});

test('a job over its target limit is down as a whole', async (t) => {
  const { pools, address, pass } = await start(t);
  await pools.update([job('j', [address, 'other:1'], { target_limit: 1 })]);
  await pass(10);
  assert.ok(pools.active().every(({ health }) => health === 'down'));
  assert.match(pools.active()[0]!.lastError, /2 targets, over its target_limit of 1/);
});

test('a target that cannot be scraped is told of', async (t) => {
  const { pools, errors } = await start(t);
  await pools.update([
    job('j', ['h:1'], { relabel_configs: [{ target_label: '__address__', replacement: '' }] }),
  ]);
  assert.deepEqual(errors, ['cannot scrape a target: it has no address']);
});

test('TLS settings that cannot be read leave everything as it was', async (t) => {
  const { pools, address } = await start(t);
  await pools.update([job('j', [address])]);
  await assert.rejects(
    pools.update([job('k', [address], { tls_config: { ca_file: '/no/such/file' } })]),
    /ENOENT/,
  );
  assert.deepEqual(pools.names(), ['j']);
});
