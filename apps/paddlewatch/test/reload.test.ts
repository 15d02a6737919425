import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, type Product, startProduct } from './product.ts';

/** A reload reaches every part or none, and who looks is told why. */

const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-reload-'));
const place = (name: string) => path.join(folder, name);
const prometheus = (job: string) => `scrape_configs: [{job_name: ${job}}]\n`;
const alertmanager = (receiver: string) =>
  `route: {receiver: ${receiver}}\nreceivers: [{name: ${receiver}}]\n`;
const write = (monitored: string, told: string) => {
  writeFileSync(place('prometheus.yml'), monitored);
  writeFileSync(place('alertmanager.yml'), told);
};

let product: Product;
before(async () => {
  write(prometheus('first'), alertmanager('first'));
  const files = ['--config', place('prometheus.yml'), '--alertmanager-config', place('alertmanager.yml')];
  product = await startProduct(files);
});
after(async () => {
  assert.equal(await product.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

const post = () => fetch(`${product.page}/-/reload`, { method: 'POST' });

/** Who is in force: the monitor's job and the alerting's receiver. */
async function inForce(): Promise<[job: string, receiver: string]> {
  const { scrapePools } = await product.get<{ scrapePools: string[] }>('/api/v1/scrape_pools');
  const receivers = await product.get<{ name: string }[]>('/api/v2/receivers');
  return [scrapePools[0]!, receivers[0]!.name];
}

interface Runtime {
  reloadConfigSuccess: boolean;
  reloadConfigError: string;
}
const runtime = () => product.get<Runtime>('/api/v1/status/runtimeinfo');

const faulty: readonly [what: string, monitored: string, told: string, fault: RegExp][] = [
  ['scraping', 'scrape_config: []\n', alertmanager('second'), /prometheus\.yml:1: .*scrape_configs/],
  ['alerting', prometheus('second'), 'route: {receiver: none}\n', /alertmanager\.yml:1: .*none/],
  ['YAML', 'scrape_configs: [\n', alertmanager('second'), /prometheus\.yml:\d+: /],
];

for (const [what, monitored, told, fault] of faulty) {
  test(`a fault in the ${what} configuration leaves both parts as they were`, async () => {
    write(monitored, told);
    const refused = await post();
    assert.equal(refused.status, 500);
    assert.match(await refused.text(), fault);
    assert.deepEqual(await inForce(), ['first', 'first']);
    const { reloadConfigSuccess, reloadConfigError } = await runtime();
    assert.equal(reloadConfigSuccess, false);
    assert.match(reloadConfigError, fault);
    const metrics = await (await fetch(`${product.page}/metrics`)).text();
    assert.match(metrics, /^prometheus_config_last_reload_successful 0$/m);
    await product.line(/cannot reload the configuration, the old one stays/);
  });
}

test('a good one is taken by both, by SIGHUP too', async () => {
  write(prometheus('second'), alertmanager('second'));
  assert.equal((await post()).status, 200);
  assert.deepEqual(await inForce(), ['second', 'second']);
  assert.deepEqual((await runtime()).reloadConfigError, '');
  write(prometheus('third'), alertmanager('third'));
  product.process.kill('SIGHUP');
  await eventually(inForce, ([job, receiver]) => job === 'third' && receiver === 'third', 10_000);
});
