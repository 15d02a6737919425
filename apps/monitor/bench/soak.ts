// A long run of the whole server with queries on top: is memory flat, is any scrape late?
//   node apps/monitor/bench/soak.ts [--targets 1000] [--series 100] [--interval 1s] [--minutes 20] [--queries 4]
//   … --peer prometheus     another program that takes Prometheus' flags, for comparison
// A row each minute: samples and queries a second, the slowest query, the longest time in which a service was not
// asked, how long this program itself was held up at most (then the machine stood still, not the server), how much of the
// processors' time other machines on the same iron took, processor seconds for a million samples, and memory in MiB by
// kind. Linux only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { residentMemory } from './memory-map.ts';

const { values: flags } = parseArgs({
  options: {
    targets: { type: 'string', default: '1000' },
    series: { type: 'string', default: '100' },
    interval: { type: 'string', default: '1s' },
    minutes: { type: 'string', default: '20' },
    /** A second. */
    queries: { type: 'string', default: '4' },
    /** Seconds between two rows. */
    every: { type: 'string', default: '60' },
    peer: { type: 'string' },
  },
});
/** What a dashboard asks, over the last quarter of an hour. */
const questions = [
  'sum by (model) (rate(paddle_requests_total[1m]))',
  'histogram_quantile(0.95, sum by (le, model) (rate(paddle_request_duration_seconds_bucket[1m])))',
  'count by (zone) (up)',
  'topk(5, rate(paddle_request_duration_seconds_count[2m]))',
];

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-'));
const program = (file: string, ...args: string[]) =>
  spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
const exporter = program('exporter.ts', flags.targets, flags.series);
const services = `127.0.0.1:${(await once(createInterface(exporter.stdout), 'line'))[0]}`;
fs.writeFileSync(path.join(dir, 'prometheus.yml'), JSON.stringify(configuration()));
const url = `http://127.0.0.1:${await freePort()}`;
const settings = [
  `--config.file=${path.join(dir, 'prometheus.yml')}`,
  `--storage.tsdb.path=${path.join(dir, 'data')}`,
  `--web.listen-address=${new URL(url).host}`,
];
const server = flags.peer
  ? spawn(flags.peer, settings, { stdio: 'ignore' })
  : program('../src/main.ts', ...settings);
await ready();

const asked = { queries: 0, failed: 0, slowest: 0 };
const delay = monitorEventLoopDelay();
delay.enable();
const ended = new AbortController();
const asking = ask();
console.log(
  'minute  samples/s  queries/s  slowest ms  pause ms  here ms  stolen %  CPU s/M     total  files   head  malloc  heaps | head live',
);
const rows = (60 * Number(flags.minutes)) / Number(flags.every);
await statsOf();
for (let row = 1; row <= rows; row++) await report(row);
ended.abort();
await asking;
server.kill();
await once(server, 'exit');
exporter.kill();
fs.rmSync(dir, { recursive: true });

async function ready(): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    await setTimeout(20);
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

function configuration() {
  const static_configs = Array.from({ length: Number(flags.targets) }, (_, i) => ({
    targets: [services],
    labels: { __metrics_path__: `/t/${i}/metrics`, instance: `pod-${i}` },
  }));
  const { interval } = flags;
  const scrape = { job_name: 'paddle', scrape_interval: interval, scrape_timeout: interval, static_configs };
  return { scrape_configs: [scrape] };
}

async function report(row: number): Promise<void> {
  const before = cpuSeconds();
  const machine = machineSeconds();
  Object.assign(asked, { queries: 0, failed: 0, slowest: 0 });
  delay.reset();
  const seconds = Number(flags.every);
  await setTimeout(1000 * seconds);
  const { scrapes, longestPause } = await statsOf();
  const samples = scrapes * Number(flags.series);
  const { total, files, head, malloc, heaps } = residentMemory(server.pid!);
  const own = await (await fetch(`${url}/metrics`)).text();
  const columns: [value: number, width: number, digits: number][] = [
    [(row * seconds) / 60, 6, 1],
    [samples / seconds, 11, 0],
    [asked.queries / seconds, 11, 1],
    [asked.slowest, 12, 0],
    [longestPause, 10, 0],
    [delay.max / 1e6, 9, 0],
    [stolenSince(machine), 10, 1],
    [((cpuSeconds() - before) / samples) * 1e6, 9, 2],
    [total, 10, 0],
    [files, 7, 0],
    [head, 7, 0],
    [malloc, 8, 0],
    [heaps, 7, 0],
    [metric(own, 'paddlewatch_tsdb_head_bytes') / 2 ** 20, 12, 0],
  ];
  console.log(columns.map(([value, width, digits]) => value.toFixed(digits).padStart(width)).join(''));
  if (asked.failed > 0) console.log(`${asked.failed} queries failed`);
}

async function statsOf(): Promise<{ scrapes: number; longestPause: number }> {
  return (await (await fetch(`http://${services}/stats`)).json()) as {
    scrapes: number;
    longestPause: number;
  };
}

/** Asks without pause, in turn, so many times a second as `--queries` says. */
async function ask(): Promise<void> {
  for (let i = 0; !ended.signal.aborted; i++) {
    const began = performance.now();
    const now = Date.now() / 1000;
    const range = `start=${now - 900}&end=${now}&step=15`;
    const query = encodeURIComponent(questions[i % questions.length]!);
    const answer = await fetch(`${url}/api/v1/query_range?query=${query}&${range}`);
    await answer.arrayBuffer();
    asked.queries++;
    if (!answer.ok) asked.failed++;
    const took = performance.now() - began;
    asked.slowest = Math.max(asked.slowest, took);
    await setTimeout(Math.max(0, 1000 / Number(flags.queries) - took));
  }
}

/** Of the server, user and system. */
function cpuSeconds(): number {
  const stat = fs.readFileSync(`/proc/${server.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Of all processors since the start of the machine, in hundredths: all time, and what its host gave to others. */
function machineSeconds(): { all: number; stolen: number } {
  const fields = /^cpu +(.*)/.exec(fs.readFileSync('/proc/stat', 'utf8'))![1]!.split(' ').map(Number);
  return { all: fields.reduce((sum, field) => sum + field, 0), stolen: fields[7]! };
}

/** Per cent. */
function stolenSince(before: ReturnType<typeof machineSeconds>): number {
  const { all, stolen } = machineSeconds();
  return (100 * (stolen - before.stolen)) / (all - before.all);
}

function metric(page: string, name: string): number {
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(page)?.[1] ?? Number.NaN);
}
