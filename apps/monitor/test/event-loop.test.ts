import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, monitor, target, until } from './bench.ts';

/** Longest gap of the event loop that the house allows, ms. */
const bound = 100;
/** Costs far more than its time limit: a million evaluations of a window of an hour. */
const heavy = 'sum(sum_over_time(sum_over_time(x[1h])[1h:1ms]))';

test('while a long query runs, the event loop is free, scrapes are on time and short queries pass', async (t) => {
  const page = Array.from({ length: 500 }, (_, i) => `x{i="${i}"} ${i}\n`).join('');
  const address = await target(t, () => page);
  const { url } = await monitor(
    t,
    `global: {scrape_interval: 100ms}\nscrape_configs: [{job_name: j, static_configs: [{targets: ['${address}']}]}]\n`,
    { settings: { queryTimeout: 2_000 } },
  );
  await until(
    () => api(url, 'query?query=count(x)'),
    ({ data }) => data?.result.length > 0,
  );
  const held = await heldDuring(url);
  assert.ok(held <= bound, `the loop was held for ${held} ms`);
});

/**
 * The longest time that work on the main thread held the loop while the heavy query ran into its time limit, ms. Processor
 * time counts, not the clock: what other processes take of a busy machine is not the monitor's doing.
 */
async function heldDuring(url: string): Promise<number> {
  let longest = 0;
  let before = process.threadCpuUsage();
  const watch = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.threadCpuUsage();
  }, 5);
  const long = api(url, 'query', { query: heavy });
  let running = true;
  long.finally(() => {
    running = false;
  });
  let short = 0;
  while (running) {
    const { status } = await api(url, 'query?query=count(x)');
    assert.equal(status, 'success');
    short++;
  }
  clearInterval(watch);
  assert.equal((await long).errorType, 'timeout');
  // Many hundreds on a quiet machine; here it counts that they need not wait for the long one.
  assert.ok(short >= 3, `only ${short} short queries were answered beside it`);
  return longest;
}

test('a caller that hangs up ends its query', async (t) => {
  const address = await target(t, () => Array.from({ length: 500 }, (_, i) => `x{i="${i}"} ${i}\n`).join(''));
  const { url } = await monitor(
    t,
    `global: {scrape_interval: 100ms}\nscrape_configs: [{job_name: j, static_configs: [{targets: ['${address}']}]}]\n`,
  );
  const running = async () =>
    Number(/^prometheus_engine_queries (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]);
  await until(
    () => api(url, 'query?query=count(x)'),
    ({ data }) => data?.result.length > 0,
  );
  const caller = new AbortController();
  const call = fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: heavy }),
    signal: caller.signal,
  });
  call.catch(() => {});
  await until(running, (count) => count === 1);
  caller.abort();
  await until(running, (count) => count === 0);
});
