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

const faults: readonly [text: string, told: RegExp][] = [
  [
    'services:\n  - name: ocr\n    target: [10.0.0.5:9393]\n',
    /:3: unknown key "target": did you mean "targets"/,
  ],
  ['services:\n  - name: ocr\n   targets: [', /:3: /],
  ['', /:1: services: a value is missing/],
  ['services: []\n', /:1: services: name at least one service/],
  ['services:\n  - name: ocr\n    targets: ["http://a:1/metrics"]\n', /:3: .*write host:port/],
  [
    'services:\n  - {name: a, targets: ["a:1"]}\n  - {name: a, targets: ["a:2"]}\n',
    /:3: .*second service "a"/,
  ],
  ['services:\n  - {name: paddlewatch, targets: ["a:1"]}\n', /:2: .*choose another/],
  ['services: [{name: a, targets: ["a:1"]}]\nrules: [none.yml]\n', /:2: .*there is no file .*none\.yml/],
  ['services: [{name: a, targets: ["a:1"]}]\nnotify:\n  - pager: {}\n', /:3: .*webhook, dingtalk, email/],
  ['services: [{name: a, targets: ["a:1"]}]\nnotify:\n  - {}\n', /:3: .*write a channel here/],
];

for (const [text, told] of faults) {
  test(`a fault is named with file, line and cure: ${told.source}`, async () => {
    const wrong = file('wrong.yml', text);
    await assert.rejects(configFiles(wrong, undefined, folder, 'http://127.0.0.1:9090'), (error: Error) => {
      assert.match(error.message, new RegExp(`wrong\\.yml${told.source}`, 's'));
      return true;
    });
  });
}

test('a file that is not there is named', async () => {
  const asked = configFiles(path.join(folder, 'none.yml'), undefined, folder, 'http://127.0.0.1:9090');
  await assert.rejects(asked, /cannot read the configuration .*none\.yml: there is no such file/);
});

test("a prometheus.yml is taken as it is, and nobody's alerts are invented", async () => {
  const own = file('prometheus.yml', 'scrape_configs: []\n');
  const files = await configFiles(own, undefined, path.join(folder, 'expanded'), 'http://127.0.0.1:9090');
  assert.equal(files.prometheus, own);
  assert.deepEqual(parse(readFileSync(files.alertmanager, 'utf8')).receivers, [{ name: 'none' }]);
});
