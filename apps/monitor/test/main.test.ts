import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { prepareMonitor, startMonitor } from '../src/index.ts';
import { api, folder, type Json, target, until } from './bench.ts';
import { Process } from './process.ts';

const ready = (url: string) =>
  until(
    () => fetch(`${url}/-/ready`),
    ({ status }) => status === 200,
  );

test('what was visible before kill -9 is there after a restart, each sample once', async (t) => {
  let count = 0;
  const address = await target(t, () => `count_total ${++count}\n`);
  const dir = folder(t);
  const config = path.join(dir, 'prometheus.yml');
  writeFileSync(
    config,
    `global: {scrape_interval: 20ms}\nscrape_configs: [{job_name: j, static_configs: [{targets: ['${address}']}]}]\n`,
  );
  // Both spellings of a flag.
  const flags = [
    `--config.file=${config}`,
    '--storage.tsdb.path',
    path.join(dir, 'data'),
    '--web.listen-address=127.0.0.1:0',
  ];
  const seen: [number, string][] = [];
  for (let round = 0; round < 2; round++) {
    const monitor = new Process(...flags);
    t.after(() => monitor.child.kill('SIGKILL'));
    const url = await monitor.url();
    await ready(url);
    const samples = async (): Promise<[number, string][]> =>
      (await api(url, 'query?query=count_total[1h]')).data.result[0]?.values ?? [];
    const found = new Map(await samples());
    for (const [time, value] of seen) assert.equal(found.get(time), value);
    const more = await until(samples, (values) => values.length >= seen.length + 10);
    assert.ok(
      more.every(([time], i) => i === 0 || time > more[i - 1]![0]),
      'times rise, so none is there twice',
    );
    seen.splice(0, seen.length, ...more);
    await monitor.kill('SIGKILL');
  }
  assert.ok(seen.length >= 20);
});

test('SIGHUP reloads, SIGTERM ends cleanly and lets go of the folder', async (t) => {
  const dir = folder(t);
  const config = path.join(dir, 'prometheus.yml');
  writeFileSync(config, 'scrape_configs: [{job_name: a}]\n');
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${dir}/data`,
    '--web.listen-address=127.0.0.1:0',
    '--web.enable-lifecycle',
  ];
  const monitor = new Process(...flags);
  t.after(() => monitor.child.kill('SIGKILL'));
  const url = await monitor.url();
  await ready(url);
  writeFileSync(config, 'scrape_configs: [{job_name: b}]\n');
  monitor.child.kill('SIGHUP');
  await until(
    () => api(url, 'scrape_pools'),
    ({ data }: Json) => data.scrapePools[0] === 'b',
  );
  const rival = new Process(...flags);
  assert.equal(await rival.ended, 1);
  assert.match(rival.errors.join('\n'), /cannot open .*: process \d+ works on it/);
  assert.equal(await monitor.kill('SIGTERM'), 0);
  const again = new Process(...flags);
  t.after(() => again.child.kill('SIGKILL'));
  const second = await again.url();
  await ready(second);
  assert.match(await (await fetch(`${second}/-/quit`, { method: 'POST' })).text(), /Goodbye/);
  assert.equal(await again.ended, 0);
});

test('a stop while it opens the storage is honoured as soon as that is open', async (t) => {
  const dir = folder(t);
  const configFile = path.join(dir, 'prometheus.yml');
  writeFileSync(configFile, '');
  const options = { configFile, storagePath: path.join(dir, 'data'), log: () => {} };
  const monitor = prepareMonitor(options);
  await monitor.stop();
  await assert.rejects(monitor.ready, /cannot become ready: the monitor was stopped/);
  await (await startMonitor(options)).stop();
});

test('unknown flags and faulty configurations end it with one clear line', async (t) => {
  const dir = folder(t);
  const config = path.join(dir, 'prometheus.yml');
  writeFileSync(config, 'global: {scrape_intervall: 1s}\n');
  const flag = new Process('--web.listen-adress=:1');
  assert.equal(await flag.ended, 1);
  assert.match(flag.errors.join('\n'), /unknown option '--web\.listen-adress=:1'/);
  const faulty = new Process(`--config.file=${config}`, `--storage.tsdb.path=${dir}/data`);
  assert.equal(await faulty.ended, 1);
  assert.deepEqual(faulty.errors, [
    `${config}:1: unknown key "scrape_intervall": did you mean "scrape_interval"?`,
  ]);
});
