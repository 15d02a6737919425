import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';

const main = path.join(import.meta.dirname, 'main.ts');

async function setUp(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'alerting-main-'));
  const told: string[] = [];
  let heard = () => {};
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { alerts, status } = JSON.parse(body) as {
        alerts: { labels: { alertname: string } }[];
        status: string;
      };
      told.push(`${alerts.map(({ labels }) => labels.alertname).join(' ')} ${status}`);
      response.end();
      heard();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const file = path.join(folder, 'am.yml');
  const port = (hook.address() as AddressInfo).port;
  writeFileSync(
    file,
    `route: { receiver: a, group_by: [alertname], group_wait: 300ms, group_interval: 300ms }\n` +
      `receivers: [{ name: a, webhook_configs: [{ url: 'http://127.0.0.1:${port}/' }] }]\n`,
  );
  const running: ChildProcess[] = [];
  t.after(() => {
    for (const child of running) child.kill('SIGKILL');
    hook.close().closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  return {
    ...{ folder, file, told },
    async start() {
      const flags = [
        `--config.file=${file}`,
        `--storage.path=${folder}/data`,
        '--web.listen-address=127.0.0.1:0',
      ];
      const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
      running.push(child);
      return { child, url: await listening(child) };
    },
    /** Resolves when so many messages have come. */
    async messages(count: number) {
      while (told.length < count) await new Promise<void>((resolve) => (heard = resolve));
    },
  };
}

/** Resolves to the URL that the program says it listens on. */
function listening(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stderr!.on('data', (chunk) => {
      text += chunk;
      const [, address] = /msg="Listening on" address=(\S+)/.exec(text) ?? [];
      if (address) resolve(`http://${address}`);
    });
    child.on('exit', () => reject(new Error(`it does not listen: ${text}`)));
  });
}

async function post(url: string, alertname: string): Promise<void> {
  const body = JSON.stringify([
    { labels: { alertname }, endsAt: new Date(Date.now() + 3_600_000).toISOString() },
  ]);
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(answer.status, 200);
}

test('kill -9 loses nothing that was acknowledged and tells nothing twice; SIGTERM ends well', async (t) => {
  const { start, told, messages } = await setUp(t);
  const first = await start();
  await post(first.url, 'Told');
  await messages(1);
  // The log of what was sent is written after the answer came: wait until history shows it.
  for (let sent = false; !sent; ) {
    const page = await (await fetch(`${first.url}/api/paddlewatch/v1/history?kind=notification`)).json();
    sent = (page as { data: { events: unknown[] } }).data.events.length > 0;
  }
  await post(first.url, 'Waits');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await start();
  await messages(2);
  assert.deepEqual(told, ['Told firing', 'Waits firing']);
  const history = await (await fetch(`${second.url}/api/paddlewatch/v1/history?kind=transition`)).json();
  const { events } = (history as { data: { events: { alertname: string }[] } }).data;
  assert.deepEqual(
    events.map(({ alertname }) => alertname),
    ['Waits', 'Told'],
  );
  second.child.kill('SIGTERM');
  assert.deepEqual(await once(second.child, 'exit'), [0, null]);
  assert.equal(told.length, 2);
});

test('probes, metrics and reload answer', async (t) => {
  const { start, file } = await setUp(t);
  const { url } = await start();
  for (const probe of ['healthy', 'ready']) assert.equal((await fetch(`${url}/-/${probe}`)).status, 200);
  assert.match(
    await (await fetch(`${url}/metrics`)).text(),
    /^alertmanager_config_last_reload_successful 1$/m,
  );
  writeFileSync(file, 'route: {}\n');
  const failed = await fetch(`${url}/-/reload`, { method: 'POST' });
  assert.equal(failed.status, 500);
  assert.match(await failed.text(), /am\.yml:1: route: the root route needs a receiver/);
  assert.match(
    await (await fetch(`${url}/metrics`)).text(),
    /^alertmanager_config_last_reload_successful 0$/m,
  );
});

const amtool = spawnSync('amtool', ['--version']).error
  ? 'amtool is missing: apt-get install prometheus-alertmanager'
  : false;

test('amtool adds, finds and silences alerts, and reads the configuration', { skip: amtool }, async (t) => {
  const { start } = await setUp(t);
  const { url } = await start();
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('amtool', [`--alertmanager.url=${url}`, ...args], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  run('alert', 'add', 'Slow', 'model=ocr', '--annotation=summary=hi');
  assert.match(run('alert'), /Slow .* hi +active/);
  const id = run('silence', 'add', 'alertname=Slow', '--comment=why', '--duration=1h').trim();
  assert.match(run('silence'), new RegExp(`${id}.*alertname="Slow"`));
  assert.match(run('alert', '--silenced'), /Slow .* suppressed/);
  run('silence', 'expire', id);
  assert.match(run('config', 'routes', 'test', 'alertname=Slow'), /^a$/m);
});
