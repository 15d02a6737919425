import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { api, monitor, target, until } from './bench.ts';

const minute = 60_000;

test('a target may bring samples that are late, within the window that the configuration sets', async (t) => {
  const now = Date.now();
  let page = `m 3 ${now}\n`;
  const address = await target(t, () => page);
  const config = (window: string) =>
    `global: {scrape_interval: 50ms}\nstorage: {tsdb: {out_of_order_time_window: ${window}}}\n` +
    `scrape_configs: [{job_name: a, static_configs: [{targets: ['${address}']}]}]\n`;
  const { url, app, configFile } = await monitor(t, config('30m'));
  const values = async () => {
    const { data } = await api(url, `query?query=m[1h]&time=${(now + minute) / 1000}`);
    return (data.result[0]?.values ?? []).map(([, value]: [number, string]) => value).join(' ');
  };
  await until(values, (have) => have === '3');
  page = `m 1 ${now - 20 * minute}\n`;
  await until(values, (have) => have === '1 3');
  writeFileSync(configFile, config('5m'));
  await app.reload();
  page = `m 2 ${now - 10 * minute}\nlast 1\n`;
  await until(
    () => api(url, 'query?query=last'),
    ({ data }) => data.result.length === 1,
  );
  assert.equal(await values(), '1 3', 'ten minutes are too late for a window of five');
});
