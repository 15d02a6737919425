// How late scrapes, alerts and pages are while a long query runs, on the wall clock: a real server, scraped services,
// a rule that fires, an Alertmanager that listens, and people who load pages. First without the query, then with it.
//   node apps/monitor/bench/late.ts [--targets 50] [--series 200] [--seconds 10] [--query '…']
// For a quiet machine: the services and this program share the cores with the server.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Process } from '../test/process.ts';

const { values: flags } = parseArgs({
  options: {
    targets: { type: 'string', default: '50' },
    series: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    /** Has to take longer than `seconds`, when it is told to end. */
    query: {
      type: 'string',
      default: 'sum(sum_over_time(sum_over_time(paddle_request_duration_seconds_bucket[1h])[1h:1ms]))',
    },
  },
});
/** Times between events, ms. */
class Gaps {
  #last = 0;
  #gaps: number[] = [];

  note(): void {
    const now = performance.now();
    if (this.#last > 0) this.#gaps.push(now - this.#last);
    this.#last = now;
  }

  /** Those since the last time. */
  take(): number[] {
    const gaps = this.#gaps;
    this.#gaps = [];
    return gaps;
  }
}

/** Of scrapes and rules, ms. */
const interval = 1000;
const seconds = Number(flags.seconds);

const exporter = spawn(
  process.execPath,
  [path.join(import.meta.dirname, 'exporter.ts'), flags.targets, flags.series],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [port] = (await once(createInterface(exporter.stdout), 'line')) as [string];
const alerts = new Gaps();
const alertmanager = await listening(
  createServer((_request, response) => {
    alerts.note();
    response.end();
  }),
);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-late-'));
const monitor = new Process(
  `--config.file=${writeConfig()}`,
  `--storage.tsdb.path=${dir}/data`,
  '--web.listen-address=127.0.0.1:0',
  '--rules.alert.resend-delay=1ms',
);
try {
  const url = await monitor.url();
  await setTimeout(10_000);
  await observe('nothing else', url, setTimeout(seconds * 1000));
  const query = fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: flags.query, timeout: `${seconds}s` }),
  });
  await observe('a long query', url, query);
  console.log(`the long query ended with ${(await query).status}`);
} finally {
  await monitor.kill('SIGTERM');
  exporter.kill();
  alertmanager.close();
  alertmanager.closeAllConnections();
  fs.rmSync(dir, { recursive: true });
}

/** Prints how late things are until something else has ended. */
async function observe(beside: string, url: string, until: Promise<unknown>): Promise<void> {
  await scrapePauses();
  alerts.take();
  const own = new Gaps();
  const ticks = setInterval(() => own.note(), 10);
  const end = new AbortController();
  const pages = ['/-/healthy', '/metrics', '/api/v1/targets', '/api/v1/query?query=up'].map((page) =>
    load(`${url}${page}`, end.signal),
  );
  await until;
  end.abort();
  clearInterval(ticks);
  console.log(`beside ${beside}, ms${''.padEnd(12)}median      p99    worst`);
  report(
    'this program',
    own.take().map((gap) => gap - 10),
  );
  report(
    'scrapes',
    (await scrapePauses()).map((pause) => pause - interval),
  );
  report(
    'alerts',
    alerts.take().map((gap) => gap - interval),
  );
  for (const page of pages) {
    const { path, times } = await page;
    report(path, times);
  }
}

/** The times that a page takes, loaded twenty times a second. */
async function load(page: string, signal: AbortSignal): Promise<{ path: string; times: number[] }> {
  const times: number[] = [];
  while (!signal.aborted) {
    const started = performance.now();
    await (await fetch(page)).arrayBuffer();
    times.push(performance.now() - started);
    await setTimeout(50);
  }
  return { path: new URL(page).pathname, times };
}

async function scrapePauses(): Promise<number[]> {
  const { pauses } = (await (await fetch(`http://127.0.0.1:${port}/stats`)).json()) as { pauses: number[] };
  return pauses;
}

function report(name: string, late: number[]): void {
  const sorted = late.sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1).padStart(8);
  console.log(`  ${name.padEnd(22)} ${at(0.5)} ${at(0.99)} ${at(1)}  (${sorted.length})`);
}

function writeConfig(): string {
  const job = {
    job_name: 'paddle',
    static_configs: Array.from({ length: Number(flags.targets) }, (_, i) => ({
      targets: [`127.0.0.1:${port}`],
      labels: { __metrics_path__: `/t/${i}/metrics`, instance: `pod-${i}` },
    })),
  };
  const rules = { groups: [{ name: 'g', rules: [{ alert: 'Up', expr: 'sum(up) > 0' }] }] };
  const { port: alertPort } = alertmanager.address() as AddressInfo;
  const config = {
    global: { scrape_interval: `${interval}ms`, evaluation_interval: `${interval}ms` },
    scrape_configs: [job],
    rule_files: ['rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertPort}`] }] }] },
  };
  // JSON is YAML.
  fs.writeFileSync(path.join(dir, 'rules.yml'), JSON.stringify(rules));
  fs.writeFileSync(path.join(dir, 'prometheus.yml'), JSON.stringify(config));
  return path.join(dir, 'prometheus.yml');
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
