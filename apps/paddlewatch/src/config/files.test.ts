import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { configFiles, expandFile } from './files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-config-'));
test.after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
}

test('a service and a robot are all a person has to say', async () => {
  const short = file(
    'paddlewatch.yml',
    `services:
  - name: ocr
    targets: [10.0.0.5:9393]
scrape_interval: 5s
notify:
  - dingtalk: {url: "https://oapi.dingtalk.com/robot/send?access_token=x", secret: SEC1, mobiles: ["13800000000"]}
  - webhook: {url: "http://127.0.0.1:5001/hook"}
`,
  );
  const texts = await expandFile(short, 'http://127.0.0.1:9090');
  const prometheus = parse(texts.prometheus);
  assert.deepEqual(prometheus.global, {
    scrape_interval: '5s',
    scrape_timeout: '5s',
    evaluation_interval: '5s',
  });
  assert.deepEqual(prometheus.alerting.alertmanagers, [
    { static_configs: [{ targets: ['127.0.0.1:9090'] }] },
  ]);
  assert.deepEqual(prometheus.scrape_configs[0].static_configs, [{ targets: ['10.0.0.5:9393'], labels: {} }]);
  assert.equal(prometheus.scrape_configs[1].job_name, 'paddlewatch');
  const [receiver] = parse(texts.alertmanager).receivers;
  assert.equal(receiver.dingtalk_configs[0].secret, 'SEC1');
  assert.deepEqual(receiver.dingtalk_configs[0].mention, { all: false, mobiles: ['13800000000'] });
  assert.deepEqual(receiver.webhook_configs, [{ url: 'http://127.0.0.1:5001/hook' }]);
});

test('a fault is named with its file and line', async () => {
  const short = file('wrong.yml', 'services:\n  - name: ocr\n    target: [10.0.0.5:9393]\n');
  await assert.rejects(expandFile(short, 'http://127.0.0.1:9090'), /wrong\.yml:3: .*target/s);
});

test("a prometheus.yml is taken as it is, and nobody's alerts are invented", async () => {
  const own = file('prometheus.yml', 'scrape_configs: []\n');
  const files = await configFiles(own, undefined, path.join(folder, 'expanded'), 'http://127.0.0.1:9090');
  assert.equal(files.prometheus, own);
  assert.deepEqual(parse(readFileSync(files.alertmanager, 'utf8')).receivers, [{ name: 'none' }]);
});
